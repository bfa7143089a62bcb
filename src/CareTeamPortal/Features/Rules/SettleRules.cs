using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Rules;

/// <summary>
/// What follows from a publication: whoever answers for a task, a hand-off or a question of a category that their role does not read any more hands it on to who is
/// accountable for the patient, file by file, as after a change of consent. Done twice it does nothing the second time.
/// </summary>
internal sealed partial class SettleRules(CareDesk desk, KeepRights rights, RuleBook rules, PeopleDirectory people, TimeProvider clock, ILogger<SettleRules> log)
{
    /// <summary>A process that died between a publication and this finds it undone when it starts again.</summary>
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
            if (RuleSql.Find(session, number) is not { } version || RuleDocuments.Parse(version.Json) is not { BasedOn: { } from } table || RuleSql.Find(session, from) is not { } before)
                return [];
            var lost = RuleChanges.Between(RuleDocuments.Parse(before.Json), table).Where(c => !c.Gains && c.Right == RuleRight.Read)
                .GroupBy(c => (c.Role, c.Line)).ToDictionary(g => g.Key, g => g.Aggregate(InformationCategory.None, (all, c) => all | c.Category));
            InformationCategory Of(Discipline role, CareLine line) => lost.GetValueOrDefault((role, line));
            return people.People.Values
                .Select(p => (p.Id, Lost: Of(p.Discipline, p.Line) | (p.Discipline == Discipline.Patient ? Of(Discipline.InformalCaregiver, p.Line) : InformationCategory.None)))
                .Where(p => p.Lost != InformationCategory.None)
                .SelectMany(p => RuleSql.HeldIn(session, p.Id, p.Lost).Select(patient => (Patient: patient, Person: p.Id))).ToList();
        }, ct);
        foreach (var file in held.GroupBy(h => h.Patient))
        {
            try
            {
                await desk.RoomForTheClock(file.Key).CommitAsync((writer, _) =>
                {
                    foreach (var (_, person) in file)
                        rights.HandOn(writer, person, leaves: false, null);
                    writer.NextCursor();
                    return ValueTask.FromResult(true);
                }, ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                NotSettled(log, fault, file.Key.Value);
            }
        }

        return held.Select(h => h.Patient).Distinct().Count();
    }

    [LoggerMessage(LogLevel.Error, "In file {Patient} what somebody may not see any more after a publication could not be handed on.")]
    private static partial void NotSettled(ILogger logger, Exception fault, string patient);
}
