using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// Files that were uploaded with a text that was never sent. They belong to no record: nobody but their author sees them, there is a limit to how
/// much of them one person may keep here, and after some days they are forgotten.
/// </summary>
internal sealed partial class UnsentFiles(CareDatabase database, TimeProvider clock, ILogger<UnsentFiles> log) : BeatingService(Interval, clock)
{
    /// <summary>Most files that wait for one person, over all patients.</summary>
    public const int MostFiles = 40;

    /// <summary>Most bytes that wait for one person, over all patients.</summary>
    public const long MostBytes = 150L * 1024 * 1024;

    /// <summary>A file that waits longer is forgotten.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(3);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => ForgetAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => ForgettingFailed(log, fault);

    /// <summary>Forgets what waited too long; one patient per transaction, so that no writer waits for all of it. How many files went.</summary>
    internal async Task<int> ForgetAsync(CancellationToken ct)
    {
        var before = Clock.GetUtcNow().UtcDateTime - KeptFor;
        List<PatientId> patients;
        using (var session = await database.RentAsync(ct))
            patients = CareStore.PatientsWithUnsentFiles(session);
        var forgotten = 0;
        foreach (var patient in patients)
            forgotten += await database.WriteAsync((session, _) => ValueTask.FromResult(CareStore.ForgetUnsentFiles(session, patient, before)), ct);
        if (forgotten > 0)
            Forgotten(log, forgotten);
        return forgotten;
    }

    [LoggerMessage(LogLevel.Information, "{Count} files that were never sent are forgotten.")]
    private static partial void Forgotten(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Files that were never sent could not be forgotten; the next try follows.")]
    private static partial void ForgettingFailed(ILogger logger, Exception fault);
}
