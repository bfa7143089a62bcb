using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Population;

/// <summary>One member as coordination sees them: what is open, with whom and since when. Nothing of what it is about.</summary>
internal sealed class ReadCoordination(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadCoordination.Request, ReadCoordination.Result?>(desk)
{
    internal sealed record Request;

    /// <param name="SharesTasks">The member lets the viewer see that tasks are there.</param>
    /// <param name="SharesTeam">The same of the team and its relations.</param>
    internal sealed record Result(IReadOnlyList<WaitingHandoff> Handoffs, IReadOnlyList<OpenTask> Tasks, IReadOnlyList<EndingMember> Relations, bool SharesTasks, bool SharesTeam, DateTime Now)
    {
        /// <summary>The same as long as the same is shown.</summary>
        public string Stamp => $"{SharesTasks} {SharesTeam} {string.Join(',', Handoffs)} {string.Join(',', Tasks)} {string.Join(',', Relations)}";
    }

    protected override CareAction Needs => CareAction.Read;

    /// <summary>Null for who does not follow this member's coordination.</summary>
    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        if (room.Actor.Discipline.Kind() != RoleKind.Coordination || room.Grant.Kind != RelationKind.FollowUp)
            return ValueTask.FromResult<Result?>(null);
        var words = new CoordinationWords(people, room.Now);
        var (tasks, team) = ((room.Reach.Categories & InformationCategory.Tasks) != 0, (room.Reach.Categories & InformationCategory.TeamAndAgenda) != 0);
        var open = tasks ? PopulationSql.Tasks(reader.Session, room.Actor.Person, room.Now, room.Patient) : [];
        var relations = team ? PopulationSql.Relations(reader.Session, room.Actor.Person, room.Now, room.Now - PopulationFigures.EndedShown, room.Now + Relations.WarnAhead, room.Patient) : [];
        return ValueTask.FromResult<Result?>(new(
            [.. open.Where(t => t.IsHandoff).Select(words.Handoff).OrderBy(h => h.Since)], [.. open.Where(t => !t.IsHandoff).OrderBy(t => t.DueAt ?? DateTime.MaxValue).ThenBy(t => t.Id, StringComparer.Ordinal).Select(words.Task)],
            [.. relations.Select(words.Relation).OrderBy(r => r.Until)], tasks, team, room.Now));
    }, ct);
}
