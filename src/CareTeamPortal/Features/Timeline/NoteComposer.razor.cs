using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Adds a note, measurements or a question. What is typed is saved as a draft by js/drafts.js; the page gives it back after a reload.</summary>
public sealed partial class NoteComposer : IAsyncDisposable
{
    internal const int MaxLength = 10_000;
    private const int MostFiles = 5;
    private static readonly ComposerMode[] Modes = Enum.GetValues<ComposerMode>();

    private readonly string _missingId = Platform.Ui.UiId.Next();
    private readonly string _mentionsId = Platform.Ui.UiId.Next();
    private readonly List<MemberView> _mentions = [];
    private readonly List<UploadedFile> _files = [];
    private readonly HashSet<PersonId> _unmentioned = [];
    private string? _choices;
    private readonly HashSet<string> _out = new(StringComparer.Ordinal);
    private QuickEntryResult _read = QuickEntry.Parse("");
    private ElementReference _field;
    private IJSObjectReference? _feed;
    private ComposerMode _mode;
    private Audience _audience;
    private MemberView? _answerer;
    private DateTime? _replyBy;
    private string _text = "";
    private string? _missing;
    private string? _uploading;
    private bool _active;
    private bool _busy;
    private int _rev;
    private bool _restored;
    private bool _started;
    private bool _tellSent;

    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;

    /// <summary>The writer can hand care on: the banner holds the link and the key.</summary>
    [Parameter] public bool MayHandOff { get; set; }
    [Parameter, EditorRequired] public string Patient { get; set; } = "";
    [Parameter, EditorRequired] public IReadOnlyList<MemberView> Members { get; set; } = [];

    /// <summary>For whom this person may write, the usual one first.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<Audience> Audiences { get; set; } = [Audience.WholeTeam];

    /// <summary>What was typed before and not sent; read once.</summary>
    [Parameter] public string? Draft { get; set; }

    /// <summary>What was chosen beside it (<see cref="ComposerChoices"/>); read once.</summary>
    [Parameter] public string? Choices { get; set; }

    /// <summary>Keeps what is chosen beside the text; null when there is nothing to keep.</summary>
    [Parameter] public EventCallback<string?> OnChoices { get; set; }

    /// <summary>Keeps the entry; null, or why not in a sentence.</summary>
    [Parameter, EditorRequired] public Func<ComposedEntry, Task<string?>> Save { get; set; } = default!;

    /// <summary>Takes in a file.</summary>
    [Parameter, EditorRequired] public Func<IBrowserFile, Task<UploadedFile>> Upload { get; set; } = default!;

    /// <summary>Forgets a file that was taken in and will not be sent.</summary>
    [Parameter] public EventCallback<UploadedFile> Drop { get; set; }

    /// <summary>Tells others that this person types here.</summary>
    [Parameter] public EventCallback<Audience> OnTyping { get; set; }

    /// <summary>Who is mentioned and will not read it: it is for others.</summary>
    private IEnumerable<MemberView> Unread => _mentions.Where(m => (m.Sees & _audience) == 0);

    private string SaveWord => T[_mode is ComposerMode.Question ? "Send" : "Save"];

    protected override void OnParametersSet()
    {
        if (!_started)
        {
            _started = true;
            _audience = Audiences[0];
            _choices = Choices;
            var choices = ComposerChoices.Read(Choices);
            if (!string.IsNullOrEmpty(Draft))
            {
                _restored = _active = true;
                Read(Draft);
                if (choices is null && _read.Measurements.Length > 0 && _read.LeftoverText is null)
                    _mode = ComposerMode.Measurement;
            }
            if (choices is not null && (_restored || choices.Files.Count > 0))
                Choose(choices);
        }
        else if (!Audiences.Contains(_audience))
        {
            _audience = Audiences[0];
        }
    }

    private void Choose(ComposerChoices choices)
    {
        _active = true;
        _mode = choices.Mode;
        if (Audiences.Contains(choices.Audience))
            _audience = choices.Audience;
        _answerer = Members.FirstOrDefault(m => !m.Me && m.Person.Value == choices.Answerer);
        _replyBy = choices.ReplyBy;
        _mentions.AddRange(Members.Where(m => !m.Me && choices.Mentions.Contains(m.Person.Value)));
        _files.AddRange(choices.Files.Select(f => new UploadedFile(f.Id, f.Name, null)));
    }

    private string? Chosen() => new ComposerChoices
    {
        Mode = _mode,
        Audience = _audience,
        Answerer = _mode is ComposerMode.Question ? _answerer?.Person.Value : null,
        ReplyBy = _mode is ComposerMode.Question ? _replyBy : null,
        Mentions = [.. _mentions.Select(m => m.Person.Value)],
        Files = [.. _files.Where(f => f.Id is not null).Select(f => new ComposerChoices.File(f.Id!, f.Name))],
    }.Write(Audiences[0]);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Whatever chose it: a press, a key, a name in the text. The draft's words follow within two seconds; its audience must be there before them.
        if (!_busy && Chosen() is var chosen && chosen != _choices)
        {
            _choices = chosen;
            await OnChoices.InvokeAsync(chosen);
        }
        if (!_tellSent)
            return;
        _tellSent = false;
        _feed ??= await Js.InvokeAsync<IJSObjectReference>("import", "./js/feed.js");
        await _feed.InvokeVoidAsync("sent", _field);
    }

    /// <summary>Puts the caret in the field.</summary>
    public ValueTask FocusAsync() => _field.FocusAsync();

    private static string IconOf(ComposerMode mode) => mode switch
    {
        ComposerMode.Measurement => "measure",
        ComposerMode.Question => "question",
        _ => "note",
    };

    private static string WordOf(Audience audience) => audience switch
    {
        Audience.Professionals => "Choose.Professionals",
        Audience.ProfessionalsAndPatient => "Choose.ProfessionalsAndPatient",
        _ => "Choose.All",
    };

    private void Switch(ComposerMode mode)
    {
        _mode = mode;
        _missing = null;
        _active = true;
        if (mode is ComposerMode.Question)
            _answerer ??= Members.FirstOrDefault(m => m is { Accountable: true, Me: false });
    }

    private async Task TypedAsync(string? text)
    {
        Read(text ?? "");
        _missing = null;
        _restored = false;
        MentionNamed(whole: false);
        await OnTyping.InvokeAsync(_audience);
    }

    private void MentionNamed(bool whole)
    {
        if (_mode is ComposerMode.Measurement)
            return;
        foreach (var member in ComposerChoices.Named(_text, Members, whole))
        {
            if (!_mentions.Contains(member) && !_unmentioned.Contains(member.Person))
                _mentions.Add(member);
        }
    }

    private void Unmention(MemberView member)
    {
        _mentions.Remove(member);
        _unmentioned.Add(member.Person);
    }

    private void Read(string text)
    {
        _text = text.Length > MaxLength ? text[..MaxLength] : text;
        _read = QuickEntry.Parse(_text);
        if (_text.Length == 0)
            _out.Clear();
    }

    // Said before saving, so that a typing error or an alarming value is seen by who can still measure again.
    private string? Unusual(RecognisedMeasurement measurement)
    {
        if (measurement.Answer?.IsWorrying == true)
            return T["Chip.Worrying"];
        foreach (var (quantity, value) in measurement.Values)
        {
            if (quantity.Band is not { } band || band.Holds(value))
                continue;
            return band.High is { } high && value > high ? T["Chip.Above", quantity.Show(high)] : T["Chip.Below", quantity.Show(band.Low!.Value)];
        }
        return null;
    }

    /// <summary>What a whole round makes, on scale 1: said to professionals before it is saved.</summary>
    private News2? Score => Members.Any(m => m.Me && m.Sees.HasFlag(Audience.Professionals)) ? ReadNews2.Preview(_read.Measurements.Where(m => !_out.Contains(m.Span.Of(_read.Text)))) : null;

    private void Toggle(RecognisedMeasurement measurement)
    {
        var words = measurement.Span.Of(_read.Text);
        if (!_out.Remove(words))
            _out.Add(words);
    }

    private ValueTask<IReadOnlyList<MemberView>> FindOthersAsync(string text, CancellationToken ct) => new(Find(text, m => !m.Me));

    private ValueTask<IReadOnlyList<MemberView>> FindMentionAsync(string text, CancellationToken ct) => new(Find(text.TrimStart('@'), m => !m.Me && (m.Sees & _audience) != 0 && !_mentions.Contains(m)));

    private IReadOnlyList<MemberView> Find(string text, Func<MemberView, bool> who) =>
        [.. Members.Where(m => who(m) && (m.Name.Contains(text.Trim(), StringComparison.CurrentCultureIgnoreCase) || m.Role.Contains(text.Trim(), StringComparison.CurrentCultureIgnoreCase))).Take(12)];

    private async Task ChosenAsync(InputFileChangeEventArgs e)
    {
        _active = true;
        _missing = null;
        foreach (var file in e.GetMultipleFiles(Math.Max(e.FileCount, 1)).Take(MostFiles - _files.Count))
        {
            _uploading = Platform.Text.SafeText.Line(file.Name, 80);
            StateHasChanged();
            var taken = await Upload(file);
            if (taken.Problem is null)
                _files.Add(taken);
            else
                _missing = taken.Problem;
        }
        _uploading = null;
    }

    private Task RemoveAsync(UploadedFile file)
    {
        _files.Remove(file);
        return Drop.InvokeAsync(file);
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        if (_uploading is not null)
            return;
        var (entry, missing) = Compose();
        _missing = missing;
        if (entry is null)
        {
            _rev++;
            return;
        }
        _busy = true;
        try
        {
            _missing = await Save(entry);
            if (_missing is null)
                Clear();
        }
        finally
        {
            _busy = false;
            _rev++;
        }
    }

    private (ComposedEntry? Entry, string? Missing) Compose()
    {
        var text = _text.Trim();
        MentionNamed(whole: true);
        switch (_mode)
        {
            case ComposerMode.Measurement:
                var kept = _read.Measurements.Where(m => !_out.Contains(m.Span.Of(_read.Text))).ToList();
                return kept.Count == 0
                    ? (null, T["Measurement.Missing"])
                    : (new() { Mode = _mode, Text = _read.LeftoverText ?? "", Audience = _audience, Measurements = kept }, null);
            case ComposerMode.Question when text.Length == 0:
                return (null, T["Ask.MissingText"]);
            case ComposerMode.Question when _answerer is null:
                return (null, T["Ask.Missing"]);
            case ComposerMode.Question when _replyBy is null:
                return (null, T["Ask.MissingDeadline"]);
            case ComposerMode.Question when BelgianTime.ToUtc(_replyBy.Value) <= Clock.GetUtcNow().UtcDateTime:
                return (null, T["Ask.PastDeadline"]);
            case ComposerMode.Note when text.Length == 0 && _files.Count == 0:
                return (null, T["Note.Missing"]);
            default:
                var mentioned = _mentions.Except(Unread).ToList();
                return (new()
                {
                    Mode = _mode,
                    Text = Naming(text, mentioned),
                    Audience = _audience,
                    Answerer = _mode is ComposerMode.Question ? _answerer!.Person : null,
                    ReplyBy = _mode is ComposerMode.Question ? BelgianTime.ToUtc(_replyBy!.Value) : null,
                    Mentions = [.. mentioned.Select(m => m.Person)],
                    Files = [.. _files.Select(f => f.Id).OfType<string>()],
                }, null);
        }
    }

    /// <summary>The text with the names that were chosen beside it: who reads an entry sees whom it calls, also in its history and in other programs.</summary>
    private string Naming(string text, IReadOnlyList<MemberView> mentioned)
    {
        var unnamed = string.Join(' ', mentioned.Except(ComposerChoices.Named(text, Members, whole: true)).Select(m => $"@{m.Name}"));
        if (unnamed.Length == 0 || text.Length + unnamed.Length + 2 > MaxLength)
            return text;
        return text.Length == 0 ? unnamed : text.Contains('\n', StringComparison.Ordinal) ? $"{text}\n\n{unnamed}" : $"{text} {unnamed}";
    }

    private void Clear()
    {
        Read("");
        _mentions.Clear();
        _unmentioned.Clear();
        _files.Clear();
        _choices = null; // forgotten by the page with the text
        _answerer = null;
        _replyBy = null;
        _active = _restored = false;
        _mode = ComposerMode.Note;
        _tellSent = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_feed is not null)
                await _feed.DisposeAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its module with it; or it went while it was asked and never answers.
        }
    }
}
