using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>Who opened which file by what right, for governance officers: files by their mark, nothing of what is in them. For anybody else the page does not exist.</summary>
public sealed partial class AuditPage
{
    private const int MostShown = 2_000;

    private static readonly Dictionary<string, int?> Periods = new(StringComparer.Ordinal) { ["Week"] = 7, ["Day"] = 1, ["Month"] = 30, ["Year"] = 365, ["All"] = null };

    private List<ReadAudit.Line>? _lines;
    private IReadOnlyList<string> _names = [];
    private Actor? _me;
    private PatientId? _onlyFile;
    private string? _only;
    private string? _problem;
    private string _who = "";
    private string _kind = "";
    private string _period = "Week";
    private string _file = "";
    private long? _next;
    private int _asked;
    private bool _closed;
    private bool _failed;

    [Inject] private ReadAudit Audit { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private PeopleDirectory Directory { get; set; } = default!;
    [Inject] private CursorCodec Cursors { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;

    /// <summary>The place in the main menu, for officers.</summary>
    internal static NavEntry Nav { get; } = new() { Href = "/audit", Icon = "eye", Order = 46, Text = () => AccessWords.Get("Audit.Nav"), For = (person, _) => ReadAudit.May(person) };

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _closed = !ReadAudit.May(_me);
        if (_closed)
            return;
        // Who works here; family and patients are no names on this page.
        _names = [.. Directory.People.Values.Where(p => p.Discipline.Kind() is not RoleKind.Patient && p.Discipline != Discipline.InformalCaregiver).Select(p => p.DisplayName).Distinct().Order(StringComparer.CurrentCulture).Take(2_000)];
        await ReadAsync();
    }

    private Task FilterAsync()
    {
        (_onlyFile, _only) = (null, null);
        return ReadAsync();
    }

    private Task OnlyAsync(ReadAudit.Line line)
    {
        (_onlyFile, _only) = (new PatientId(line.Row.PatientId), line.Mark);
        return ReadAsync();
    }

    private Task AllAsync() => FilterAsync();

    private ReadAudit.Request? Asked()
    {
        PersonId? person = null;
        if (_who.Trim() is { Length: > 0 } name)
        {
            var folded = NameFolding.Fold(name);
            person = Directory.People.Values.Where(p => p.Discipline.Kind() is not RoleKind.Patient && p.Discipline != Discipline.InformalCaregiver && NameFolding.Fold(p.DisplayName) == folded).Select(p => (PersonId?)p.Id).FirstOrDefault();
            if (person is null)
            {
                _problem = T["Audit.NoSuchPerson"];
                return null;
            }
        }

        var file = _onlyFile;
        if (file is null && _file.Trim() is { Length: > 0 } number && (file = PatientId.TryParse(number)) is null)
        {
            _problem = T["Audit.NoSuchFile"];
            return null;
        }

        var kind = int.TryParse(_kind, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && Enum.IsDefined((AccessKind)k) ? (AccessKind?)k : null;
        var from = Periods.GetValueOrDefault(_period, 7) is { } days ? BelgianTime.BoundsOf(BelgianTime.DayOf(Now).AddDays(1 - days)).Start : (DateTime?)null;
        return new(new AccessFilter(person, kind, from), file);
    }

    private async Task ReadAsync()
    {
        (_problem, _failed) = (null, false);
        if (Asked() is not { } request)
            return;
        var mine = ++_asked;
        try
        {
            var page = await Audit.RunAsync(_me!, request, AccessSource.Page, default);
            if (mine != _asked)
                return;
            _closed = page is null;
            (_lines, _next) = ([.. page?.Lines ?? []], page?.Next);
            if (_only is null && request.File is { } file)
                _only = ReadAudit.MarkOf(Cursors, file);
        }
        catch (System.Data.Common.DbException)
        {
            _failed = true;
        }
    }

    private async Task MoreAsync()
    {
        if (_next is not { } before || Asked() is not { } request)
            return;
        _next = null; // asked for once
        var mine = _asked;
        if (await Audit.RunAsync(_me!, request with { Before = before }, AccessSource.Page, default) is { } page && mine == _asked)
        {
            _lines!.AddRange(page.Lines);
            _next = _lines.Count >= MostShown ? null : page.Next;
        }
    }

    private static string Why(ReadAudit.Line line) => line.Row switch
    {
        { Allowed: false, Rule: { } rule } => AccessWords.Get("Why.Rule", rule),
        { Allowed: false, Relation: null } => AccessWords.Get("Why.NoRight"),
        { Allowed: false } => AccessWords.Get("Why.NotForRole"),
        { Purpose: AccessPurpose.Governance or AccessPurpose.Administration } => AccessWords.Get("Why.Officer"),
        { Relation: RelationKind.BreakGlass } or { Action: CareAction.BreakGlass } => AccessWords.Get("Why.BreakGlass"),
        { OnBehalfOf: not null } => AccessWords.Get("Audit.Behalf"),
        { Relation: { } relation } => AccessWords.Relation(relation),
        _ => AccessWords.Get(line.Kind == AccessKind.Portal ? "Why.Portal" : "Why.Before"),
    };
}
