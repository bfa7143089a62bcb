using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// What follows from a publication: whoever answers for a task, a hand-off or a question of a category that their role does not read any more hands it on to who may, file by
/// file, as after a change of consent. It happens in the transaction that publishes (<see cref="ApproveRules"/>): there is no moment between the two. Where very many files are
/// concerned most of them are settled ahead, by the rules that come, in transactions of their own. Done twice it does nothing the second time.
/// </summary>
internal sealed partial class SettleRules(CareDesk desk, KeepRights rights, RuleBook rules, PeopleDirectory people, TimeProvider clock, ILogger<SettleRules> log)
{
    /// <summary>So many files are settled together with the publication; every writer waits for it.</summary>
    internal const int MostTogether = 100;

    /// <summary>A version that an older program published may not be settled.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromHours(1);

    /// <summary>Settles the version in force when it was published lately.</summary>
    public async Task AtTheStartAsync(CancellationToken ct)
    {
        var lately = await desk.ReadForTheClockAsync(session => RuleSql.CurrentNumber(session) is { } number && RuleSql.Find(session, number) is { ApprovedBy: not null, ApprovedAt: { } at } && at > clock.UtcMicroseconds() - LooksBack ? number : (int?)null, ct);
        if (lately is { } current)
            await RunAsync(current, ct);
    }

    /// <summary>Settles a version that is in force; how many files something changed hands in.</summary>
    public async Task<int> RunAsync(int number, CancellationToken ct)
    {
        var held = await desk.ReadForTheClockAsync(session =>
        {
            rules.Follow(session, number);
            return Held(session, number);
        }, ct);
        foreach (var file in held)
            await SettleAloneAsync(file, rules.Current, ct);
        return held.Count;
    }

    /// <summary>Settles ahead of a publication what is more than fits in its transaction.</summary>
    public async Task AheadAsync(int number, CancellationToken ct)
    {
        var (held, coming) = await desk.ReadForTheClockAsync(session => (Held(session, number), Table(session, number)), ct);
        foreach (var file in held.SkipLast(MostTogether))
            await SettleAloneAsync(file, coming!, ct);
    }

    /// <summary>Settles a version in the transaction that publishes it.</summary>
    public void Together(DbSession session, int number, Func<PatientId, RoomWriter> open)
    {
        if (Table(session, number) is not { } coming)
            return;
        rules.As(coming, () =>
        {
            foreach (var file in Held(session, number))
                Settle(open(file.Patient), file.People);
            return true;
        });
    }

    private async Task SettleAloneAsync((PatientId Patient, IReadOnlyList<PersonId> People) file, SharingRules by, CancellationToken ct)
    {
        try
        {
            await desk.KeepWithFilesAsync((_, _, open) => rules.As(by, () =>
            {
                Settle(open(file.Patient), file.People);
                return true;
            }), ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            NotSettled(log, fault, file.Patient.Value);
        }
    }

    private void Settle(RoomWriter writer, IReadOnlyList<PersonId> who)
    {
        foreach (var person in who)
        {
            try
            {
                rights.HandOn(writer, person, leaves: false, null);
            }
            catch (NobodyLeft fault)
            {
                NotSettled(log, fault, writer.Room.Patient.Value); // before anything was written: who is accountable stays so
            }
        }

        writer.NextCursor();
    }

    private static SharingRules? Table(DbSession session, int number) => RuleSql.Find(session, number) is { } version ? new SharingRules(number, RuleDocuments.Parse(version.Json)) : null;

    /// <summary>Files in which somebody has what they lose by a version.</summary>
    private List<(PatientId Patient, IReadOnlyList<PersonId> People)> Held(DbSession session, int number)
    {
        if (RuleSql.Find(session, number) is not { } version || RuleDocuments.Parse(version.Json) is not { BasedOn: { } from } table || RuleSql.Find(session, from) is not { } before)
            return [];
        var lost = RuleChanges.Between(RuleDocuments.Parse(before.Json), table).Where(c => !c.Gains && c.Right == RuleRight.Read)
            .GroupBy(c => (c.Role, c.Line)).ToDictionary(g => g.Key, g => g.Aggregate(InformationCategory.None, (all, c) => all | c.Category));
        InformationCategory Of(Discipline role, CareLine line) => lost.GetValueOrDefault((role, line));
        return [.. people.People.Values
            .Select(p => (p.Id, Lost: Of(p.Discipline, p.Line) | (p.Discipline == Discipline.Patient ? Of(Discipline.InformalCaregiver, p.Line) : InformationCategory.None)))
            .Where(p => p.Lost != InformationCategory.None)
            .SelectMany(p => RuleSql.HeldIn(session, p.Id, p.Lost).Select(patient => (Patient: patient, Person: p.Id)))
            .GroupBy(h => h.Patient).Select(g => (g.Key, (IReadOnlyList<PersonId>)[.. g.Select(h => h.Person).Distinct()]))];
    }

    [LoggerMessage(LogLevel.Error, "In file {Patient} what somebody may not see any more after a publication could not be handed on.")]
    private static partial void NotSettled(ILogger logger, Exception fault, string patient);
}
