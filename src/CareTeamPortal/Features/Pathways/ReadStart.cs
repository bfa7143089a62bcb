using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What somebody needs to start a pathway: which there are; of the chosen one, who of the team could play each role, and what the patient has already.</summary>
internal sealed class ReadStart(CareDesk desk, TemplateLibrary library, TaskFiling tasks, GoalFiling goals, PeopleDirectory people) : PatientUseCase<ReadStart.Request, ReadStart.Result>(desk)
{
    /// <param name="Template">The chosen one; null: only the list.</param>
    internal sealed record Request(string? Template = null);

    /// <param name="Runs">It runs for this patient.</param>
    internal sealed record Choice(string Id, string Title, string? Purpose, int Version, int Steps, bool Runs);

    /// <param name="MayStart">The viewer may start one here.</param>
    /// <param name="Roles">Proposed person per role; a role that nobody of the team fills is not in it.</param>
    internal sealed record Result(bool MayStart, IReadOnlyList<Choice> Choices, PathwayTemplate? Template, IReadOnlyDictionary<string, TaskParty> Roles, IReadOnlyDictionary<string, IReadOnlyList<ReuseOffer>> Reuse)
    {
        /// <summary>The open life goals of the patient that the goals of the pathway could serve.</summary>
        public IReadOnlyList<(string Reference, string Words)> LifeGoals { get; init; } = [];

        /// <summary>Roles of the patient, who has no account: who is accountable is proposed to do it together.</summary>
        public IReadOnlyList<string> WithoutAccount { get; init; } = [];
    }

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        var may = MayStart(room);
        if (!may)
            return ValueTask.FromResult(new Result(false, [], null, new Dictionary<string, TaskParty>(), new Dictionary<string, IReadOnlyList<ReuseOffer>>()));
        var running = PathwaySql.OfPatient(session, room, 100).Where(p => p.Status == (int)PathwayStatus.Active).Select(p => p.Template).ToHashSet(StringComparer.Ordinal);
        var choices = library.All(session).Where(t => t.Status == TemplateStatus.Active).Select(t => new Choice(t.Id, t.Title, t.Purpose, t.Version, t.Steps.Count(), running.Contains(t.Id))).ToList();
        var template = request.Template is { } id && library.Find(session, id, null) is { Status: TemplateStatus.Active } found ? found : null;
        return ValueTask.FromResult(new Result(true, choices, template, template is null ? new Dictionary<string, TaskParty>() : Proposed(session, room, template), template is null ? new Dictionary<string, IReadOnlyList<ReuseOffer>>() : Reuse.For(session, room, people, template.Steps.Select(s => s.Step)))
        {
            WithoutAccount = template is null || HasAccount(session, room) ? [] : [.. template.Roles.Where(IsPatients).Select(r => r.Id)],
            LifeGoals = template is null ? [] : [.. goals.All(session, room, 100).Where(g => g is { Kind: GoalKind.Life, IsOpen: true }).Select(g => (g.Reference, g.Words))],
        });
    }, ct);

    /// <summary>Whether somebody may start and change pathways in this file.</summary>
    internal static bool MayStart(PatientRoom room) => room.May(CareAction.Write) && room.May(CareAction.DoTasks) && SharingRules.AnswersForCare(room.Role) && room.Rules.MayWrite(room.Role, room.Actor.Line, InformationCategory.Goals)
        && room.Reach.Covers(Audience.Professionals, InformationCategory.Goals | InformationCategory.Tasks | InformationCategory.Measurements);

    /// <summary>A part that the patient plays first of all: no professional is proposed as the patient.</summary>
    private static bool IsPatients(TemplateRole role) => role.Disciplines is [Discipline.Patient, ..];

    private bool HasAccount(DbSession session, PatientRoom room) => tasks.Eligible(session, room.Patient, TaskParty.OfRole(Discipline.Patient, ""), Audience.WholeTeam, InformationCategory.Tasks, room.Now).Count > 0;

    /// <summary>The first of the team by the disciplines of each role; the one accountable for the patient before others of the same discipline.</summary>
    internal Dictionary<string, TaskParty> Proposed(DbSession session, PatientRoom room, PathwayTemplate template)
    {
        var accountable = CareStore.Accountable(session, room.Patient);
        var found = new Dictionary<string, TaskParty>(StringComparer.Ordinal);
        foreach (var role in template.Roles)
        {
            var audience = template.Steps.Any(s => s.Step.Role == role.Id && !s.Step.ForProfessionals) ? Audience.WholeTeam : Audience.Professionals;
            foreach (var discipline in IsPatients(role) ? role.Disciplines.Where(d => d is Discipline.Patient or Discipline.InformalCaregiver) : role.Disciplines)
            {
                var able = tasks.Eligible(session, room.Patient, TaskParty.OfRole(discipline, ""), audience, InformationCategory.Tasks, room.Now);
                if (able.Count == 0)
                    continue;
                found[role.Id] = TaskParty.Of(able.Find(p => p.Id == room.Actor.Person) ?? able.Find(p => p.Id == accountable) ?? able[0]);
                break;
            }

            // A patient without an account does it with whoever answers for them, until somebody else is chosen.
            if (IsPatients(role) && !found.ContainsKey(role.Id) && accountable is { } answers && people.Find(answers) is { } person && tasks.Eligible(session, room.Patient, TaskParty.Of(person), audience, InformationCategory.Tasks, room.Now).Count > 0)
                found[role.Id] = TaskParty.Of(person);
        }

        return found;
    }
}
