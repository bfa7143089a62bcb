using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Import;

/// <summary>What became of one file.</summary>
internal sealed class FileReport(string name)
{
    private const int MostLines = 20;

    public string Name { get; } = name;
    public int Created { get; private set; }
    public int NewVersions { get; private set; }
    public int Unchanged { get; private set; }
    public int KeptApart { get; private set; }
    public int Refused { get; private set; }
    public int Odd { get; private set; }
    public int Read => Created + NewVersions + Unchanged + KeptApart + Refused;

    /// <summary>Refusals, clashes and oddities: the first of each, with their places.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>References whose target is nowhere: in this input or in the store.</summary>
    public List<string> Dangling { get; } = [];
    public int DanglingCount { get; set; }

    public void Add(TakenItem item)
    {
        switch (item.Outcome)
        {
            case Taken.Created: Created++; break;
            case Taken.NewVersion: NewVersions++; break;
            case Taken.Unchanged: Unchanged++; break;
            case Taken.KeptApart: KeptApart++; break;
            default: Refused++; break;
        }

        var where = string.Join(' ', new[] { item.Place, item.Type is null ? "" : $"{item.Type}/{item.Id}" }.Where(s => s.Length > 0));
        if (item.Reason is not null)
            Say($"{where}: {(item.Outcome == Taken.Refused ? "refused, " : "")}{item.Reason}");
        if (item.Oddities.Count > 0)
        {
            Odd++;
            Say($"{where}: kept, but odd: {string.Join("; ", item.Oddities.Take(3))}");
        }
    }

    public void Refuse(string place, string reason)
    {
        Refused++;
        Say($"{(place.Length > 0 ? place + ": " : "")}refused, {reason}");
    }

    private void Say(string line)
    {
        if (Lines.Count < MostLines)
            Lines.Add(line);
    }
}

/// <summary>Takes in files and folders: JSON Bundles, single resources, NDJSON. Streams; what is refused is reported and the rest goes on.</summary>
internal sealed class ImportFiles(CareDatabase database, Filing filing, TakeIn takeIn)
{
    private const int PerCommit = 250;

    /// <summary>The first batch of a file is small, so that writing begins early; each next one is twice as large.</summary>
    private const int FirstCommit = 64;

    /// <summary>A batch is sent before it holds more than this, however few resources that is.</summary>
    private const long BytesPerCommit = 2 * 1024 * 1024;
    private static readonly string[] FirstTypes = ["Organization", "Location", "Practitioner", "PractitionerRole", "Medication", "Device", "Patient", "RelatedPerson", "Encounter"];

    /// <summary>Files below these paths, in an order in which what is pointed at tends to come first.</summary>
    /// <exception cref="FileNotFoundException">A path does not exist.</exception>
    public static IReadOnlyList<string> FilesOf(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (File.Exists(path))
                files.Add(path);
            else if (System.IO.Directory.Exists(path))
                files.AddRange(System.IO.Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f).ToLowerInvariant() is ".json" or ".ndjson"));
            else
                throw new FileNotFoundException($"There is no file or folder {path}.", path);
        }

        return [.. files.Distinct().OrderBy(Rank).ThenBy(f => f, StringComparer.Ordinal)];
    }

    private static int Rank(string file)
    {
        var name = Path.GetFileName(file);
        if (name.StartsWith("hospitalInformation", StringComparison.Ordinal) || name.StartsWith("practitionerInformation", StringComparison.Ordinal))
            return -1;
        var type = Array.FindIndex(FirstTypes, t => name.StartsWith(t + ".", StringComparison.Ordinal) || name.StartsWith(t + "-", StringComparison.Ordinal));
        return type < 0 ? FirstTypes.Length : type;
    }

    /// <summary>Takes in the files one after the other.</summary>
    /// <param name="progress">Called after each commit with the file's report so far and the share of its bytes read.</param>
    public async Task<IReadOnlyList<FileReport>> RunAsync(IReadOnlyList<string> files, IntakeAuthority authority, string origin, Action<FileReport, double>? progress, CancellationToken ct)
    {
        var reports = new List<FileReport>();
        var wanted = new Dictionary<string, FileReport>(StringComparer.Ordinal);
        var belonging = new Dictionary<string, PatientId>(StringComparer.Ordinal);
        var folders = new Dictionary<string, InputTies>(StringComparer.Ordinal);
        var pipe = new Pipe();
        foreach (var file in files)
        {
            // Files of one folder (an export, a set of examples) speak of the same patients; a Bundle speaks for itself.
            var folder = Path.GetDirectoryName(file) ?? "";
            if (!folders.TryGetValue(folder, out var ties))
                folders[folder] = ties = InputTies.For(belonging);
            var report = new FileReport(Path.GetFileName(file));
            reports.Add(report);
            try
            {
                await FileAsync(file, report, authority, origin, wanted, ties, pipe, progress, ct);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                report.Refuse("", "cannot be read: " + fault.Message);
            }
        }

        await pipe.SettleAsync();
        ReportDangling(wanted);
        return reports;
    }

    /// <summary>The batch that is being written while the next is read; one at a time.</summary>
    private sealed class Pipe
    {
        private (FileReport Report, Task<IReadOnlyList<TakenItem>> Work)? _running;

        public void Run(FileReport report, Task<IReadOnlyList<TakenItem>> work) => _running = (report, work);

        public async Task SettleAsync()
        {
            if (_running is not var (report, work))
                return;
            _running = null;
            foreach (var item in await work)
                report.Add(item);
        }
    }

    private async Task FileAsync(string file, FileReport report, IntakeAuthority authority, string origin, Dictionary<string, FileReport> wanted, InputTies ties, Pipe pipe, Action<FileReport, double>? progress, CancellationToken ct)
    {
        Dictionary<string, string> fullUrls;
        await using (var first = Open(file))
            fullUrls = await FhirInput.MapFullUrlsAsync(first, ct);
        // The last batch of the file before was still being written; what this one points at may be in it.
        await pipe.SettleAsync();
        var book = new ReferenceBook(database, fullUrls);
        if (fullUrls.Count > 0)
            ties = new InputTies(ties);
        var batch = new List<Ready>(PerCommit);
        var size = 0L;
        var most = FirstCommit;

        // While one batch is being written the next is read and prepared.
        async Task SendAsync(double share)
        {
            await pipe.SettleAsync();
            if (batch.Count > 0)
                pipe.Run(report, StoreAsync([.. batch], report, authority, ties, ct));
            batch.Clear();
            size = 0;
            most = Math.Min(most * 2, PerCommit);
            progress?.Invoke(report, share);
        }

        await using var stream = Open(file);
        var input = new FhirInput(new FhirInputLimits { KeepBundle = true });
        await foreach (var item in input.ReadAsync(stream, ct))
        {
            if (item.Error is not null)
            {
                report.Refuse(item.Place, item.Error);
                continue;
            }

            if (item.Json.IsEmpty)
            {
                report.Refuse(item.Place, $"asks for {item.Method} {item.Url}; an import only takes resources in");
                continue;
            }

            try
            {
                var prepared = filing.Prepare(item, origin, book.NameOf, book.Resolve);
                book.Meet(prepared);
                batch.Add(new Ready(item.Place, prepared, book.PatientOf(prepared), prepared.PatientDisplay, book.ContextOf(prepared.Facts) ?? new Named(report.Name), book.BelongingTo(prepared.Facts)));
                size += item.Json.Length;
            }
            catch (FhirFormatException fault)
            {
                report.Refuse(item.Place, fault.Message);
            }
            catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or OverflowException)
            {
                report.Refuse(item.Place, "cannot be read: " + fault.GetType().Name);
            }

            if (batch.Count >= most || size >= BytesPerCommit)
                await SendAsync(stream.Length == 0 ? 1 : (double)stream.Position / stream.Length);
        }

        await SendAsync(1);
        foreach (var reference in book.Wanted)
        {
            if (wanted.Count < 100_000)
                wanted.TryAdd(reference, report);
        }
    }

    /// <summary>Stores a batch; when one of its resources cannot be stored, each by itself, so that the rest goes on.</summary>
    private async Task<IReadOnlyList<TakenItem>> StoreAsync(IReadOnlyList<Ready> batch, FileReport report, IntakeAuthority authority, InputTies ties, CancellationToken ct)
    {
        try
        {
            return await takeIn.RunAsync(batch, authority, allOrNothing: false, ct, ties);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or OverflowException or JsonException or FhirFormatException)
        {
            if (batch.Count > 1)
            {
                var taken = new List<TakenItem>();
                // A Patient first, as within a batch.
                foreach (var item in batch.OrderBy(i => i.Prepared.Facts.Type == "Patient" ? 0 : 1))
                    taken.AddRange(await StoreAsync([item], report, authority, ties, ct));
                return taken;
            }

            report.Refuse(batch[0].Place, "cannot be stored: " + fault.GetType().Name);
            return [];
        }
    }

    private void ReportDangling(Dictionary<string, FileReport> wanted)
    {
        using var session = database.RentAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        foreach (var (reference, report) in wanted)
        {
            if (EntryReference.Split(reference) is not var (type, id) || CareStore.Find(session, type, id) is not null)
                continue;
            report.DanglingCount++;
            if (report.Dangling.Count < 10)
                report.Dangling.Add(reference);
        }
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
}
