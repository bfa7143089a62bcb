using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Patients;

/// <summary>The list of files that are open to a person. What is typed to find somebody stays out of the address.</summary>
public sealed partial class PatientsPage
{
    private const int PageSize = 50;
    private const int MostShown = 1_000;
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(200);

    private static readonly Words Words = new(typeof(PatientsText));

    private Actor? _me;
    private LiveList? _live;
    private IReadOnlyList<Line> _lines = [];
    private PatientOrder _order;
    private string _typed = "";
    private string? _next;
    private string _stamp = "";
    private int _total;
    private DateTimeOffset _readAt;

    // The field is the browser's: writing its value back would swallow what is typed meanwhile. A new key is an empty field.
    private int _clears;
    private int _typing;
    private int _reading;
    private bool _more;
    private bool _read;
    private bool _loading;
    private bool _failed;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private ReadPatients ReadPatients { get; set; } = default!;
    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private ILogger<PatientsPage> Log { get; set; } = default!;

    /// <summary>The place in the main menu; not for who has no files, nor for a patient, whose one file is home.</summary>
    internal static NavEntry Nav { get; } = new()
    {
        Href = "/patients", Icon = "people", Order = 10, GoKey = 'p', Text = () => Words.Get("Nav"),
        For = static (person, rules) => rules.May(person, CareAction.Read) && person.Discipline is not (Discipline.Patient or Discipline.InformalCaregiver or Discipline.CaseManager),
    };

    /// <summary>A line as it is shown.</summary>
    private sealed record Line(string Id, string Href, string Name, string Detail, IReadOnlyList<(string Text, string Css, string? Icon)> Tags, bool Asks, string? Owner, string? OwnerRole, CareLine? OwnerLine, string Changed);

    private string FindLabel => _me is { } me && Rules.Current.May(me, CareAction.RevealNationalNumber) ? T["Search"] : T["SearchLimited"];

    private string Status => _typed.Length > 0
        ? _more ? T["FoundMore", _lines.Count] : _lines.Count switch { 0 => T["Found0"], 1 => T["Found1"], var n => T["FoundN", n] }
        : _total == 1 ? T["Count1"] : HasMany ? T["CountMany", ReadPatients.Counted.ToString("N0", BelgianTime.Culture)] : T["CountN", _total.ToString("N0", BelgianTime.Culture)];

    private bool HasMany => _total > ReadPatients.Counted;

    protected override async Task OnInitializedAsync()
    {
        _me = await Current.FindAsync();
        if (_me is null)
            return;
        _live = new LiveList(Feed, Clock, () => InvokeAsync(ReadAsync), BeatAsync);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync();
        }
        catch (System.Data.Common.DbException fault)
        {
            PatientsLog.NotRead(Log, fault, _me!.Person.Value);
            _failed = true;
        }
    }

    /// <summary>Reads again as much as is shown; an older reading that ends later is dropped.</summary>
    private async Task ReadAsync()
    {
        var mine = ++_reading;
        _readAt = Clock.GetUtcNow();
        try
        {
            var count = Math.Clamp(_typed.Length > 0 ? PageSize : _lines.Count, PageSize, MostShown);
            var page = await Task.Run(() => ReadPatients.RunAsync(_me!, new(_order, _typed, null, count), _live!.Gone));
            if (mine != _reading)
                return;
            (_lines, _next, _total, _more, _stamp, _read) = ([.. page.Lines.Select(Show)], page.Next, page.Total, page.More, page.Stamp, true);
            _live!.Follow(page.Lines.Select(l => l.Patient.Patient));
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Once a minute the clock alone changes what stands here ("20 min te laat"), and an ended grant shows.</summary>
    private async Task<bool> BeatAsync(CancellationToken ct) => Clock.GetUtcNow() - _readAt > TimeSpan.FromMinutes(1) || await ReadPatients.IsStaleAsync(_me!, _stamp, ct);

    private async Task TypeAsync(ChangeEventArgs e)
    {
        _typed = e.Value as string ?? "";
        var mine = ++_typing;
        await Task.Delay(TypingPause, Clock);
        if (mine == _typing)
            await ReadAsync();
    }

    private Task ClearAsync()
    {
        _typed = "";
        _clears++;
        return ReadAsync();
    }

    private Task OrderAsync(PatientOrder order)
    {
        (_order, _lines) = (order, []);
        return ReadAsync();
    }

    private async Task MoreAsync()
    {
        if (_loading || _next is null || _lines.Count >= MostShown)
            return;
        _loading = true;
        try
        {
            var page = await ReadPatients.RunAsync(_me!, new(_order, null, _next, PageSize), _live!.Gone);
            var known = _lines.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
            _lines = [.. _lines, .. page.Lines.Select(Show).Where(l => !known.Contains(l.Id))];
            _next = page.Next;
            _live.Follow(_lines.Select(l => new PatientId(l.Id)));
        }
        finally
        {
            _loading = false;
        }
    }

    private Line Show(ReadPatients.Line line)
    {
        var (p, now) = (line.Patient, Clock.GetUtcNow().UtcDateTime);
        var today = BelgianTime.DayOf(now);
        string?[] detail =
        [
            p.BirthDate is { } born && !p.Deceased && p.BirthDatePrecision == DatePrecision.Day ? BelgianTime.Age(born, today) : null,
            p.Gender switch { "female" => T["Woman"].Value, "male" => T["Man"].Value, _ => null },
            p.BirthDate is { } day ? T["Born", p.BirthDatePrecision switch { DatePrecision.Year => day.Year.ToString(BelgianTime.Culture), DatePrecision.Month => day.ToString("MM-yyyy", BelgianTime.Culture), _ => BelgianTime.Figures(day) }].Value : null,
            p.City,
            p.Deceased ? T["Deceased"].Value : null,
        ];
        var tags = new List<(string, string, string?)>();
        if (line.Questions > 0)
        {
            var late = line.ReplyBy < now;
            var when = line.ReplyBy is not { } by ? null : late ? T["QuestionLate", BelgianTime.Duration(now - by)].Value : T["QuestionBy", BelgianTime.Moment(by, now)].Value;
            tags.Add(((line.Questions == 1 ? T["Question1"].Value : T["QuestionN", line.Questions].Value) + (when is null ? "" : ", " + when), late ? "tag crit" : "tag warn", late ? "alert" : "question"));
        }

        if (line.Mentions > 0)
            tags.Add((line.Mentions == 1 ? T["Mention1"] : T["MentionN", line.Mentions], "tag", "people"));
        tags.Add(line.New switch
        {
            null => (T["Never"], "tag line", null),
            0 => (T["Calm"], "q2 sm", null),
            1 => (T["New1"], "new", null),
            var n => (T["NewN", n], "new", null),
        });
        return new Line(p.Patient.Value, $"/patients/{p.Patient}", p.Name, string.Join(" · ", detail.OfType<string>().Where(d => d.Length > 0)), tags, line.Questions > 0, line.AccountableName, line.AccountableRole, line.AccountableLine,
            p.LastChangeAt is { } at ? BelgianTime.Moment(at, now) : T["NoChange"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
