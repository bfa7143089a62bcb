using System.Globalization;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Corrects one's own note or measurement. When it changed meanwhile both versions stand side by side, and neither is lost.</summary>
public sealed partial class CorrectDialog
{
    private readonly List<Field> _fields = [];
    private string _noteId = "";
    private TimelineEntry? _begun;
    private TimelineEntry? _now;
    private IReadOnlyList<DiffPiece> _theirs = [];
    private IReadOnlyList<DiffPiece> _mine = [];
    private string _text = "";
    private string _reason = "";
    private DateTime? _at;
    private DateTime? _atBefore;
    private int _version;
    private string? _problem;
    private bool _busy;

    [Inject] private CorrectNote CorrectNote { get; set; } = default!;
    [Inject] private CorrectMeasurement CorrectMeasurement { get; set; } = default!;
    [Inject] private AddNote AddNote { get; set; } = default!;
    [Inject] private Platform.SignIn.PeopleDirectory Directory { get; set; } = default!;
    [Inject] private SharedRows Shared { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<CorrectDialog> Log { get; set; } = default!;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }
    [Parameter, EditorRequired] public RowReader Reader { get; set; } = default!;

    /// <summary>What is corrected, as it was when the person began: a <see cref="TimelineEntry"/>, which is no type for outside.</summary>
    [Parameter, EditorRequired] public object Entry { get; set; } = default!;
    [Parameter] public EventCallback OnClose { get; set; }

    private bool IsMeasurement => _begun!.ResourceType == "Observation";

    private RowViews Words => new(T, Directory, Shared);

    /// <summary>One number of a measurement, as it is being typed.</summary>
    private sealed class Field
    {
        public required string Label { get; init; }
        public required string Text { get; set; }
        public required string? Unit { get; init; }
        public required string? Ucum { get; set; }

        /// <summary>Units in which this quantity may be written, the present one among them.</summary>
        public required IReadOnlyList<(string Ucum, string Shown)> Units { get; init; }

        public CorrectedValue? Value => decimal.TryParse(Text.Trim().Replace('.', ','), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, BelgianTime.Culture, out var value)
            ? new(value, Units.FirstOrDefault(u => u.Ucum == Ucum).Shown ?? Unit, Ucum) : null;
    }

    protected override void OnParametersSet()
    {
        if (_begun is not null)
            return;
        _begun = (TimelineEntry)Entry;
        _version = _begun.Version;
        _noteId = Guid.CreateVersion7().ToString();
        _text = _begun.Text ?? "";
        _at = _atBefore = new DateTime(BelgianTime.ToLocal(_begun.Time).Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute);
        foreach (var value in _begun.Values.Where(v => v.Value is not null))
        {
            var known = MeasurementCatalogue.Find(value.Loinc);
            var units = known is null || value.Ucum is null || known.Units.All(u => u.Ucum != value.Ucum) ? [] : known.Units.Select(u => (u.Ucum, u.Ucum == value.Ucum ? value.Unit ?? u.Ucum : u.Ucum == known.Ucum && known.Unit.Length > 0 ? known.Unit : u.Spellings.FirstOrDefault(s => !s.StartsWith('[')) ?? u.Ucum)).ToList();
            _fields.Add(new() { Label = known?.Name ?? SafeText.Line(value.Label, 120), Text = value.Value!.Value.ToString("0.######", BelgianTime.Culture), Unit = value.Unit, Ucum = value.Ucum, Units = units });
        }
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            _problem = IsMeasurement ? await SaveMeasurementAsync() : await ChangeAsync(() => CorrectNote.RunAsync(Reader.Me, Patient, new(_begun!.Reference, _version, _text, Topic), CancellationToken.None));
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>What a patient wrote on their own page stays under its topic; other titles are taken from the text.</summary>
    private string? Topic => _begun!.Title == MyDay.ReadHomeDay.OwnWordsTopic ? _begun.Title : null;

    private async Task<string?> SaveMeasurementAsync()
    {
        if (_fields.FirstOrDefault(f => f.Value is null) is { } wrong)
            return T["Correct.Number", $"“{SafeText.Line(wrong.Text, 20)}”"];
        if (string.IsNullOrWhiteSpace(_reason))
            return T["Correct.MissingReason"];
        var at = _at is { } typed && typed != _atBefore ? BelgianTime.ToUtc(typed) : (DateTime?)null;
        return await ChangeAsync(() => CorrectMeasurement.RunAsync(Reader.Me, Patient, new(_begun!.Reference, _version, [.. _fields.Select(f => f.Value!)], at, _reason), CancellationToken.None));
    }

    private async Task<string?> ChangeAsync(Func<Task<ChangeResult>> change)
    {
        try
        {
            switch (await change())
            {
                case Changed:
                    Toasts.Show(T["Corrected.Done"]);
                    await OnClose.InvokeAsync();
                    return null;
                case ChangedMeanwhile meanwhile:
                    Compare(meanwhile.Now);
                    return null;
                case NothingSaid:
                    return T[IsMeasurement ? "Correct.Same" : "Note.Missing"];
                case SaidTooMuch:
                    return T["Note.TooLong", AddNote.LongestText];
                case NotPossible { Quantity: { } quantity }:
                    return T["Correct.Impossible", quantity];
                case NotPossible:
                    return T["Correct.Future"];
                default:
                    return T["Refused"];
            }
        }
        catch (Exception fault) when (fault is ActionRefused or PatientNotFound)
        {
            return RuleWords.With(T["Refused"], fault);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            return $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
    }

    private void Compare(TimelineEntry now)
    {
        _now = now;
        (_theirs, _mine) = WordDiff.Compare(TheirWords(now), MyWords());
    }

    private string TheirWords(TimelineEntry now) => IsMeasurement ? $"{Words.InWords(now.Values)}\n{BelgianTime.FullMoment(now.Time)}" : now.Text ?? "";

    private string MyWords()
    {
        if (!IsMeasurement)
            return _text;
        var numbers = new Queue<CorrectedValue>(_fields.Select(f => f.Value).OfType<CorrectedValue>());
        var values = _begun!.Values.Select(v => v.Value is not null && numbers.TryDequeue(out var mine) ? v with { Value = mine.Value, Unit = mine.Unit, Ucum = mine.Ucum } : v).ToList();
        return $"{Words.InWords(values)}\n{BelgianTime.FullMoment(_at is { } at && at != _atBefore ? BelgianTime.ToUtc(at) : _begun.Time)}";
    }

    /// <summary>The person saw what stands there now and keeps their own text: it replaces the version that they saw.</summary>
    private void GoOn()
    {
        _version = _now!.Version;
        _now = null;
        _problem = null;
    }

    /// <summary>What stands there stays; the other version becomes a note for the same eyes.</summary>
    private async Task BothAsync()
    {
        if (_busy || _now is not { } now)
            return;
        _busy = true;
        try
        {
            var text = IsMeasurement ? T["Conflict.Note", now.Title, TheirWords(now).Replace('\n', ' '), MyWords().Replace('\n', ' '), SafeText.Line(_reason, 400)].Value : _text;
            var audience = now.Audience.HasFlag(Audience.CaregiverCircle) ? Audience.WholeTeam : now.Audience.HasFlag(Audience.Patient) ? Audience.ProfessionalsAndPatient : Audience.Professionals;
            var result = await AddNote.RunAsync(Reader.Me, Patient, new() { Id = _noteId, Kind = EntryKind.Note, Text = text, Audience = audience }, CancellationToken.None);
            if (result is AddNote.Refused refused)
            {
                _problem = T[TimelinePage.WordOf(refused.Reason)];
                return;
            }
            Toasts.Show(T["Conflict.Done"]);
            await OnClose.InvokeAsync();
        }
        catch (Exception fault) when (fault is ActionRefused or PatientNotFound)
        {
            _problem = RuleWords.With(T["Refused"], fault);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            _problem = $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
        finally
        {
            _busy = false;
        }
    }
}
