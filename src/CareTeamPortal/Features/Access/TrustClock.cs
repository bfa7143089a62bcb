using System.Collections.Concurrent;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// What time does to rights: a dated consent begins or ends, a relation ends soon, a relation ends. Rows say when they want to be looked at; whoever claims
/// one by a conditional update does it, on whichever node, in one transaction. Until a dated consent is looked at, the rows that it concerns are closed.
/// </summary>
internal sealed partial class TrustClock(CareDesk desk, KeepRights rights, TimeProvider clock, ILogger<TrustClock> log)
{
    private const int AtOnce = 100;

    /// <summary>An end is settled so long ahead: nothing is without somebody accountable, also not for a beat of this clock.</summary>
    private static readonly TimeSpan SettleAhead = TimeSpan.FromSeconds(10);

    /// <summary>Who alone answers for a patient keeps doing so for this long when their term runs out.</summary>
    private static readonly TimeSpan ProlongedBy = TimeSpan.FromDays(14);

    /// <summary>Ends that were settled ahead and are not there yet.</summary>
    private readonly ConcurrentDictionary<(PatientId Patient, DateTime Until), bool> _closing = new();

    /// <summary>Does all that is due now; how many files were looked at.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = clock.UtcMicroseconds();
        var (consents, warnings, ends) = await desk.ReadForTheClockAsync(session =>
            (ConsentSql.Due(session, now, AtOnce), RelationSql.ToWarnOf(session, now, now + Relations.WarnAhead, AtOnce), RelationSql.EndingBefore(session, now + SettleAhead, AtOnce)), ct);
        foreach (var patient in consents)
            await TryAsync(patient, Recompute, ct);
        foreach (var row in warnings)
            await TryAsync(row.Patient, writer => Warn(writer, row), ct);
        foreach (var row in ends)
            await TryAsync(row.Patient, writer => Settle(writer, row), ct);
        foreach (var ((patient, until), _) in _closing.Where(c => c.Key.Until <= now))
        {
            await TryAsync(patient, writer => writer.RightsChanged(), ct); // open pages and programs look again, now that it is over
            _closing.TryRemove((patient, until), out _);
        }

        return consents.Count + warnings.Count + ends.Count;
    }

    private void Recompute(RoomWriter writer)
    {
        try
        {
            rights.Apply(writer, null);
        }
        catch (NobodyLeft)
        {
            // A decision of long ago, and the team has changed since. What is decided counts; who is accountable stays so in name, and is told.
            ConsentSql.Project(writer.Session, writer.Room.Patient, writer.Room.Now);
            writer.RightsChanged();
            NobodyAnswers(log, writer.Room.Patient.Value);
        }

        writer.NextCursor();
    }

    private static void Warn(RoomWriter writer, RelationRow row)
    {
        if (!RelationSql.ClaimWarning(writer.Session, row))
            return;
        foreach (var person in new[] { row.Person, CareStore.Accountable(writer.Session, row.Patient) }.OfType<PersonId>().Distinct())
            FileNoticeSql.Tell(writer.Session, row.Patient, person, FileNoticeKind.RelationEnds, row.Person, writer.Room.Now, row.Until);
        foreach (var patient in GlassSql.AccountsOf(writer.Session, row.Patient))
            FileNoticeSql.Tell(writer.Session, row.Patient, patient, FileNoticeKind.RelationEnds, row.Person, writer.Room.Now, row.Until);
    }

    private void Settle(RoomWriter writer, RelationRow row)
    {
        var (session, now) = (writer.Session, writer.Room.Now);
        if (!RelationSql.ClaimEnd(session, row))
            return;
        writer.NextCursor();
        writer.RightsChanged();
        if (row.Kind != RelationKind.BreakGlass)
        {
            if (CareStore.Accountable(session, row.Patient) == row.Person && rights.NextAccountable(session, row.Patient, now, row.Person) is null)
            {
                var until = row.Until!.Value + ProlongedBy;
                RelationSql.Prolong(session, row.Key, until);
                RelationSql.Tell(session, row.Patient, row.Person, RelationStep.Prolonged, row.Kind, row.Until.Value, until, null, null, now);
                FileNoticeSql.Tell(session, row.Patient, row.Person, FileNoticeKind.RelationProlonged, row.Person, now, until);
                return;
            }

            _closing[(row.Patient, row.Until!.Value)] = true;
            rights.HandOn(writer, row.Person, leaves: true, null);
            if (CareStore.Accountable(session, row.Patient) is { } accountable)
                FileNoticeSql.Tell(session, row.Patient, accountable, FileNoticeKind.RelationEnded, row.Person, now, row.Until);
        }
        else
        {
            _closing[(row.Patient, row.Until!.Value)] = true;
        }

        RelationSql.Tell(session, row.Patient, row.Person, RelationStep.Expired, row.Kind, row.Since, row.Until, null, null, now);
    }

    private async Task TryAsync(PatientId patient, Action<RoomWriter> look, CancellationToken ct)
    {
        try
        {
            await desk.RoomForTheClock(patient).CommitAsync((writer, _) =>
            {
                look(writer);
                return ValueTask.FromResult(true);
            }, ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            NotLookedAt(log, fault, patient.Value); // it is still due: the next beat tries again
        }
    }

    [LoggerMessage(LogLevel.Warning, "The rights in file {Patient} could not be looked at; the next beat tries again.")]
    private static partial void NotLookedAt(ILogger logger, Exception fault, string patient);

    [LoggerMessage(LogLevel.Error, "In file {Patient} nobody who may see it can be accountable any more.")]
    private static partial void NobodyAnswers(ILogger logger, string patient);
}

/// <summary>Lets <see cref="TrustClock"/> look every second.</summary>
internal sealed partial class TrustClockService(TrustClock trust, TimeProvider clock, ILogger<TrustClockService> log) : BeatingService(Beat, clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => trust.RunAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => Failed(log, fault); // the database is away: what is dated stays closed until then

    [LoggerMessage(LogLevel.Warning, "The look at rights failed; the next one follows.")]
    private static partial void Failed(ILogger logger, Exception fault);
}
