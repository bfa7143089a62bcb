using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Files;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CareTeamPortal.Features.Timeline;

/// <summary>The shared timeline of one patient. The rows live in <see cref="TimelineFeed"/>, so that an arrival renders nothing here.</summary>
public sealed partial class TimelinePage : IAsyncDisposable
{
    private static readonly TimeSpan WordsGrowOldAfter = TimeSpan.FromSeconds(30);

    /// <summary>Not yet drawn.</summary>
    public TimelinePage() => _goneToken = _gone.Token;

    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationToken _goneToken; // kept: what is under way when the circuit ends still asks for it afterwards
    private PatientId? _patient;
    private Actor? _me;
    private RowReader? _reader;
    private BannerView? _banner;
    private BeginVisit.Visit? _visit;
    private TimelineFeed? _feed;
    private Tasks.OpenTasks? _tasks;
    private IReadOnlyList<MemberView> _members = [];
    private IReadOnlyList<Audience> _audiences = [Audience.WholeTeam];
    private IReadOnlyDictionary<string, string> _drafts = new Dictionary<string, string>();
    private WhoIsHere? _here;
    private IReadOnlyList<BannerVisitor> Others => _here?.Others ?? [];
    private IReadOnlyList<SideLine> _open = [];
    private IReadOnlyList<SideLine> _pinned = [];
    private IReadOnlyList<(string Text, string By)> _goals = [];
    private string? _draft;
    private string? _choices;
    private Audience _typingFor;
    private IReadOnlyList<Scale2Period>? _scale2;
    private bool _sideOpen;
    private int _rights;
    private bool _closed;
    private bool _failed;

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private Presence People { get; set; } = default!;
    [Inject] private CircuitConnection Connection { get; set; } = default!;
    [Inject] private PeopleDirectory Directory { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadBanner ReadBanner { get; set; } = default!;
    [Inject] private ReadScalePeriods ReadScale { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private SaveDraft SaveDraft { get; set; } = default!;
    [Inject] private ReadDrafts ReadDrafts { get; set; } = default!;
    [Inject] private ReadTimeline ReadTimeline { get; set; } = default!;
    [Inject] private BeginVisit BeginVisit { get; set; } = default!;
    [Inject] private RevealInsz RevealInsz { get; set; } = default!;
    [Inject] private AddNote AddNote { get; set; } = default!;
    [Inject] private AddMeasurements AddMeasurements { get; set; } = default!;
    [Inject] private AddAttachment AddAttachment { get; set; } = default!;
    [Inject] private DropAttachment DropAttachment { get; set; } = default!;
    [Inject] private ILogger<TimelinePage> Log { get; set; } = default!;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>A line of a side panel that leads to a row.</summary>
    private sealed record SideLine(string Key, string Text, string Deadline, string? Owner, bool Overdue);

    private string FirstName => (_banner?.Name ?? "").Split(' ')[0];

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    protected override async Task OnParametersSetAsync()
    {
        var patient = PatientId.TryParse(Id);
        if (patient == _patient && _patient is not null)
            return;
        _here?.Leave();
        (_banner, _reader, _visit, _feed, _tasks) = (null, null, null, null, null);
        _patient = patient;
        _closed = patient is null;
        if (!_closed)
            await LoadAsync();
    }

    protected override void OnInitialized() => _ = KeepWordsFreshAsync();

    private async Task LoadAsync()
    {
        if (_patient is not { } patient)
            return;
        _failed = false;
        try
        {
            _me = await Current.RequireAsync();
            if (Rules.Current.ReachIn(_me, patient).Audience == Audience.Coordination)
            {
                Nav.NavigateTo($"/patients/{patient}/coordination", replace: true); // reads no entries: the file is another page
                return;
            }

            _visit = await BeginVisit.RunAsync(_me, patient, new(), _goneToken);
            var banner = await ReadBanner.RunAsync(_me, patient, new(), _goneToken);
            await ReadTeamAsync();
            _drafts = await ReadDrafts.RunAsync(_me, patient, new(), _goneToken);
            _draft = _drafts.GetValueOrDefault("composer");
            _choices = _drafts.GetValueOrDefault(ComposerChoices.Slot);
            foreach (var file in ComposerChoices.Read(_choices)?.Files ?? [])
                _uploaded[file.Id] = file.Name;
            _audiences = AudiencesOf(_me, patient);
            _typingFor = _audiences[0];
            _scale2 = await ReadScale.RunAsync(_me, patient, new(), _goneToken);
            SetBanner(banner);
            await ReadSideAsync();
            _here ??= new(People, Rules, Connection, Clock, look => InvokeAsync(() => { if (look()) StateHasChanged(); }));
            _here.Enter(patient, _me);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.PageFailed(Log, fault);
            _banner = null;
            _failed = true;
        }
    }

    private void SetBanner(ReadBanner.Banner banner)
    {
        var patient = _patient!.Value;
        _banner = BannerViews.From(banner, _me!, Rules.Current, _visit?.LastVisit, Now, B);
        var periods = banner.AccountableBefore.Append(banner.Accountable).OfType<ReadBanner.Accountable>().OrderBy(a => a.Since)
            .Select(a => new AccountablePeriod(a.Since, a.Until, a.Line)).ToList();
        var discipline = BannerViews.DisciplineHere(_me!, patient);
        _reader = new(_me!, patient, Now, _visit?.LastVisit is null ? null : _visit.NewAfter, periods, Rules.Current.May(discipline, _me!.Line, CareAction.Write), Rules.Current.May(discipline, _me!.Line, CareAction.Pin), Rules.Current.May(discipline, _me!.Line, CareAction.HandOff), banner.Reach) { Scale2 = _scale2 };
    }

    /// <summary>For whom somebody may write; never for eyes that do not include their own.</summary>
    private static IReadOnlyList<Audience> AudiencesOf(Actor actor, PatientId patient) => BannerViews.DisciplineHere(actor, patient) switch
    {
        Discipline.Patient => [Audience.WholeTeam, Audience.ProfessionalsAndPatient],
        Discipline.InformalCaregiver or Discipline.HomeCareAide => [Audience.WholeTeam],
        _ => [Audience.WholeTeam, Audience.Professionals, Audience.ProfessionalsAndPatient],
    };

    private async Task ReadTeamAsync()
    {
        var team = await ReadTeam.RunAsync(_me!, _patient!.Value, new(), _goneToken);
        _members = [.. team.Select(m => new MemberView(m.Person, m.Name, m.Role, m.Line, m.Person == _me!.Person, m.IsAccountable, m.SeesNotes))];
    }

    private async Task ReadSideAsync()
    {
        var (me, patient) = (_me!, _patient!.Value);
        var questions = await ReadTimeline.RunAsync(me, patient, new(Filter: new() { Kinds = [(int)EntryKind.Question] }, Count: 100), _goneToken);
        _open = [.. questions.Entries.Where(q => !q.IsAnswered && !q.Retracted).OrderBy(q => q.ReplyBy ?? DateTime.MaxValue).Take(8).Select(Line)];
        var pinned = await ReadTimeline.RunAsync(me, patient, new(Filter: new() { PinnedOnly = true }, Count: 8), _goneToken);
        _pinned = [.. pinned.Entries.Where(p => !p.Retracted).Select(p => new SideLine(RowViews.KeyOf(p), Preview(p), BelgianTime.Moment(p.Time, Now), null, false))];
        var goals = await ReadTimeline.RunAsync(me, patient, new(Filter: new() { Kinds = [(int)EntryKind.Goal] }, Count: 20), _goneToken);
        // What they wrote themselves on their own page is what their team reads first; their goals follow.
        var own = await ReadTimeline.RunAsync(me, patient, new(Filter: new() { Kinds = [(int)EntryKind.Note], Disciplines = [Discipline.Patient] }, Count: 50), _goneToken);
        var words = own.Entries.FirstOrDefault(e => !e.Retracted && e.Title == MyDay.ReadHomeDay.OwnWordsTopic && !string.IsNullOrWhiteSpace(e.Text));
        _goals = [.. (words is null ? [] : new[] { Said(words, words.Text) }), .. goals.Entries.Where(g => !g.Retracted && g.Discipline is Discipline.Patient or Discipline.InformalCaregiver && g.Status is not ("cancelled" or "rejected" or "entered-in-error")).Take(words is null ? 3 : 2)
            .Select(g => Said(g, string.IsNullOrWhiteSpace(g.Title) ? g.Text : g.Title))];
    }

    private (string Text, string By) Said(TimelineEntry entry, string? words) =>
        (SafeText.Line(words ?? "", 200).Trim('“', '”', '"'), T["Voice.By", BelgianTime.Moment(new FhirDate(entry.Time, entry.Time, entry.Precision), Now)].Value);

    private SideLine Line(TimelineEntry question)
    {
        var late = question.ReplyBy <= Now;
        var deadline = question.ReplyBy is not { } by ? T["Question.NoDeadline"].Value
            : late ? T["Question.Before", BelgianTime.Moment(by, Now)].Value + T["Question.Late", BelgianTime.Duration(Now - by)].Value
            : T["Question.Before", BelgianTime.Moment(by, Now)].Value;
        var owner = question.ReplyOwner is { } id ? id == _me!.Person ? T["Question.OwnerMe"].Value : Directory.Find(id) is { } person ? T["Question.Owner", person.DisplayName].Value : null : null;
        if (owner is not null && question.AskedRole is { } role)
            owner = T["Question.Asked", Roles.Group(role)].Value + owner;
        return new(RowViews.KeyOf(question), Preview(question), deadline, owner, late);
    }

    private static string Preview(TimelineEntry entry) => MarkdownText.Preview(string.IsNullOrWhiteSpace(entry.Text) ? entry.Title : entry.Text, 90);

    private async Task<string?> SaveAsync(ComposedEntry composed)
    {
        try
        {
            var me = await Current.RequireAsync();
            if (composed.Mode is ComposerMode.Measurement)
            {
                var measured = await AddMeasurements.RunAsync(me, _patient!.Value, new(NewId(), composed.Measurements, composed.Text.Length == 0 ? null : composed.Text, composed.Audience), _goneToken);
                if (measured.Entries.Count == 0)
                    return T["Measurement.Missing"];
            }
            else
            {
                var request = new AddNote.Request
                {
                    Id = NewId(),
                    Kind = composed.Mode is ComposerMode.Question ? EntryKind.Question : EntryKind.Note,
                    Text = composed.Text,
                    Audience = composed.Audience,
                    ReplyBy = composed.ReplyBy,
                    ReplyOwner = composed.Answerer,
                    Mentions = composed.Mentions,
                    Attachments = [.. composed.Files.Select(f => new Attachment(f, _uploaded.GetValueOrDefault(f, ""), "", 0))],
                };
                if (await AddNote.RunAsync(me, _patient!.Value, request, _goneToken) is AddNote.Refused refused)
                    return Words(refused.Reason);
            }
            _feed?.ShowOwn();
            await SentAsync("composer");
            if (_choices is not null)
                await KeepChoicesAsync(null);
            return null;
        }
        catch (PatientNotFound)
        {
            Close();
            return T["Error.Gone"];
        }
        catch (ActionRefused refused)
        {
            return $"{T["Refused"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            return $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
    }

    internal static string WordOf(AddNote.Why why) => why switch
    {
        AddNote.Why.Empty => "Note.Missing",
        AddNote.Why.TooLong => "Refused.TooLong",
        AddNote.Why.NothingToAnswer => "Refused.NothingToAnswer",
        AddNote.Why.NobodyToAnswer => "Refused.NobodyToAnswer",
        AddNote.Why.DeadlineInThePast => "Ask.PastDeadline",
        _ => "Refused.Audience",
    };

    private string Words(AddNote.Why why) => T[WordOf(why)];

    private readonly Dictionary<string, string> _uploaded = new(StringComparer.Ordinal);

    private async Task<UploadedFile> UploadAsync(IBrowserFile file)
    {
        var name = SafeText.Line(file.Name, 80);
        if (file.Size > AddAttachment.MaxBytes)
            return new(null, name, T["File.TooLarge", name]);
        try
        {
            var me = await Current.RequireAsync();
            using var content = new MemoryStream((int)file.Size);
            await using (var stream = file.OpenReadStream(AddAttachment.MaxBytes, _goneToken))
                await stream.CopyToAsync(content, _goneToken);
            var result = await AddAttachment.RunAsync(me, _patient!.Value, new(file.Name, content.ToArray()), _goneToken);
            if (result.Kept is not { } kept)
                return new(null, name, result.Refused is { } why ? $"{name}: {new FileVerdict(null, why).Message}" : T["File.Refused", name]);
            _uploaded[kept.Id] = kept.Name;
            return new(kept.Id, kept.Name, null);
        }
        catch (Exception fault) when (fault is IOException or PatientNotFound or ActionRefused or Microsoft.JSInterop.JSException)
        {
            TimelineLog.UploadFailed(Log, fault);
            return new(null, name, T["File.Failed", name]);
        }
    }

    private async Task DropAsync(UploadedFile file)
    {
        try
        {
            if (file.Id is { } id)
                await DropAttachment.RunAsync(await Current.RequireAsync(), _patient!.Value, new(id), _goneToken);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            // It will be forgotten with the others.
        }
    }

    private async Task<string?> RevealAsync()
    {
        try
        {
            return await RevealInsz.RunAsync(await Current.RequireAsync(), _patient!.Value, new(), _goneToken);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            Toasts.Show(RuleWords.With(T["Refused"], fault), critical: true);
            return null;
        }
    }

    private void Typing(Audience audience)
    {
        _typingFor = audience;
        _here?.Typing(audience);
    }

    /// <summary>What was sent is no draft any more.</summary>
    private async Task SentAsync(string slot)
    {
        _here?.StopTyping();
        _drafts = _drafts.Where(d => d.Key != slot).ToDictionary();
        await SaveDraft.RunAsync(_me!, _patient!.Value, new(slot, ""), _goneToken);
    }

    private async Task KeepChoicesAsync(string? choices)
    {
        _choices = choices;
        try
        {
            await SaveDraft.RunAsync(await Current.RequireAsync(), _patient!.Value, new(ComposerChoices.Slot, choices), _goneToken);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused or OperationCanceledException)
        {
            // The file was closed for this person, or the page is going: what follows says so.
        }
    }

    private void TypingReply() => _here?.Typing(_typingFor);

    /// <summary>Something came that the banner or the side shows.</summary>
    /// <summary>Consent or rules changed while the page was open: everything on it is read by the new right.</summary>
    private async Task RightsAsync()
    {
        await LoadAsync();
        _rights++;
        StateHasChanged();
    }

    private async Task ArrivedAsync(IReadOnlySet<EntryKind> kinds)
    {
        try
        {
            if (kinds.Overlaps([EntryKind.Allergy, EntryKind.Alert, EntryKind.Handoff, EntryKind.HandoffStep, EntryKind.Team]))
            {
                _scale2 = await ReadScale.RunAsync(_me!, _patient!.Value, new(), _goneToken);
                SetBanner(await ReadBanner.RunAsync(_me!, _patient!.Value, new(), _goneToken));
                await ReadTeamAsync();
            }
            await ReadSideAsync();
            StateHasChanged();
        }
        catch (PatientNotFound)
        {
            Close();
        }
    }

    private void Close()
    {
        _closed = true;
        _here?.Leave();
        StateHasChanged();
    }

    /// <summary>"nog 3 u 55" grows old by itself.</summary>
    private async Task KeepWordsFreshAsync()
    {
        using var timer = new PeriodicTimer(WordsGrowOldAfter, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_goneToken))
            {
                await InvokeAsync(async () =>
                {
                    await (_feed?.TickAsync() ?? Task.CompletedTask);
                    await (_tasks?.TickAsync() ?? Task.CompletedTask);
                });
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The page went away.
        }
    }

    private static string NewId() => Guid.CreateVersion7().ToString();

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _here?.Dispose();
        _gone.Dispose();
    }
}
