using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>
/// Issue 4: what the access check and the access record add to reading a timeline page and to posting a note, in process, against the same code with both
/// switched off. "For the first time" is the dearest case: each operation is a new opening and writes a record of its own, durably.
/// </summary>
internal static class AccessCostRun
{
    private const int Size = 1_000;

    public static async Task RunAsync(Settings settings, Report report)
    {
        var (openClock, guardedClock) = (new LeapingClock(), new LeapingClock());
        await using var open = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "cost-off.db"), services => services
            .AddSingleton<TimeProvider>(openClock)
            .AddSingleton(s => CareDesk.Unguarded(s.GetRequiredService<CareDatabase>(), s.GetRequiredService<LiveFeed>(), s.GetRequiredService<RuleBook>(), s.GetRequiredService<TimeProvider>())));
        await using var guarded = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "cost-on.db"), services => services.AddSingleton<TimeProvider>(guardedClock));
        foreach (var portal in new[] { open, guarded })
        {
            await GrownTimeline.SeedAsync(portal, [Size]);
            // The leaping clock passes any term.
            await portal.Get<CareDatabase>().WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = NULL").Run()), CancellationToken.None);
        }

        var patient = GrownTimeline.Patient(Size);
        async Task<long> RecordsAsync(InProcessPortal portal)
        {
            using var session = await portal.Get<CareDatabase>().RentAsync(CancellationToken.None);
            return session.Sql("SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"PatientId\" = @p0").With(patient.Value).Number() ?? 0;
        }

        // first: what an operation begins with; a leap of the clock makes it an opening of its own.
        Func<double, Task<Slice>> Read(InProcessPortal portal, Action? first = null) => seconds => Slices.InProcessAsync(seconds, async () =>
        {
            first?.Invoke();
            return (await portal.Get<ReadTimeline>().RunAsync(portal.Actor, patient, new ReadTimeline.Request(Count: 50), CancellationToken.None)).Entries.Count == 50 ? 1 : throw new InvalidOperationException("the page is not full");
        });
        Func<double, Task<Slice>> Note(InProcessPortal portal, Action? first = null) => seconds => Slices.InProcessAsync(seconds, async () =>
        {
            first?.Invoke();
            return await portal.Get<AddNote>().RunAsync(portal.Actor, patient, new AddNote.Request { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = "Huisbezoek: bloeddruk 132/84, wonde zuiver." }, CancellationToken.None) is AddNote.Written ? 1 : throw new InvalidOperationException("the note was not written");
        });
        Func<double, Task<Slice>> Page(InProcessPortal portal, Action first) => seconds => Slices.InProcessAsync(seconds, async () =>
        {
            first();
            return (await portal.RenderAsync(typeof(TimelinePage), patient.Value)).Contains("Huisbezoek", StringComparison.Ordinal) ? 1 : throw new InvalidOperationException("the page shows no timeline");
        });
        const string against = "the same without check and record";
        report.AddCpu("i4", "reading a timeline page of 50 in a file that is open", against, 1.3, await Slices.AlternateAsync(settings, Read(open), Read(guarded)));
        var before = await RecordsAsync(guarded);
        // Before any note: the two would not write as many, and the page of a longer file costs more.
        report.AddCpu("i4", "the timeline page read and rendered, each an opening with a record of its own", against, 1.3, await Slices.AlternateAsync(settings, Page(open, openClock.Leap), Page(guarded, guardedClock.Leap)));
        report.AddCpu("i4", "posting a note in a file that is open", against, 1.3, await Slices.AlternateAsync(settings, Note(open), Note(guarded)));
        report.AddCpu("i4", "posting a note, each an opening with a record of its own", against, 1.3, await Slices.AlternateAsync(settings, Note(open, openClock.Leap), Note(guarded, guardedClock.Leap)));
        report.AddCpu("i4", "50 entries from the database alone, each an opening with a record of its own", against, 1.3, await Slices.AlternateAsync(settings, Read(open, openClock.Leap), Read(guarded, guardedClock.Leap)));
        if (await RecordsAsync(open) != 0 || await RecordsAsync(guarded) < before + settings.Rounds)
            throw new InvalidOperationException("the switch did not switch: records were written without the check, or none with it");
    }

    /// <summary>The system's clock, and some quarters of an hour ahead of it.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _ahead;

        public void Leap() => Interlocked.Add(ref _ahead, CareDesk.OpeningLasts.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
    }
}
