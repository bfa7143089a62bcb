using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Rules;

/// <summary>The sharing rules: everyone reads them, officers write, compare, propose and approve.</summary>
public sealed partial class RulesPage
{
    private readonly CancellationTokenSource _gone = new();
    private ReadRules.View? _view;
    private RuleVersion? _shown;
    private RuleVersion? _against;
    private RuleComparisonView? _comparison;
    private Actor? _me;
    private Discipline? _role;
    private int? _loadedFor;
    private RuleLine? _line;
    private IReadOnlyList<RuleFault> _faults = [];
    private string? _problem;
    private string _note = "";
    private Discipline _addRole = Discipline.HomeNurse;
    private CareLine _addLine = CareLine.First;
    private bool _adding;
    private bool _approving;
    private bool _puttingAside;
    private bool _busy;
    private bool _failed;

    /// <summary>The version; without it the one in force.</summary>
    [Parameter] public int? Number { get; set; }

    /// <summary>The rule that a refusal named: marked in the table.</summary>
    [SupplyParameterFromQuery] public string? Rule { get; set; }

    /// <summary>One role alone.</summary>
    [SupplyParameterFromQuery] public string? Role { get; set; }

    [Inject] private ReadRules Read { get; set; } = default!;
    [Inject] private CompareRules Compare { get; set; } = default!;
    [Inject] private SaveRuleDraft Save { get; set; } = default!;
    [Inject] private RenewRuleDraft Renew { get; set; } = default!;
    [Inject] private ProposeRules Propose { get; set; } = default!;
    [Inject] private TakeBackRules TakeBack { get; set; } = default!;
    [Inject] private ApproveRules Approve { get; set; } = default!;
    [Inject] private RuleNews News { get; set; } = default!;
    [Inject] private RuleBook Book { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<RulesPage> Log { get; set; } = default!;

    /// <summary>For officers, and for whoever follows the link under a refusal; everyone may read.</summary>
    internal static NavEntry NavItem { get; } = new() { Href = "/rules", Icon = "shield", Order = 60, GoKey = 'r', Badge = typeof(RuleCount), Text = () => RulesText.Get("Nav"), For = (person, _) => RuleOfficers.IsOfficer(person) };

    /// <summary>For everyone else it stands in the menu under their own name.</summary>
    internal static MeEntry Entry { get; } = new("/rules", "shield", () => RulesText.Get("Nav"), (person, _) => !RuleOfficers.IsOfficer(person));

    private string? Busy => _busy ? "true" : null;

    /// <summary>What differs is marked in a draft and a proposal; a table that decides is read as it is.</summary>
    private RuleDocument? Marked => _shown?.State is RuleState.Draft or RuleState.Proposed ? _against?.Table : null;

    private EventCallback<RuleLine> Editing => _view?.MayWrite == true && _shown?.State is RuleState.Draft ? EventCallback.Factory.Create<RuleLine>(this, Edit) : default;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        Book.Changed += Published;
        News.Changed += Published;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _role = Enum.TryParse<Discipline>(Role, out var role) && Enum.IsDefined(role) ? role : null;
        if (_view is null || _loadedFor != Number)
            await LoadAsync();
    }

    private void Published() => InvokeAsync(PublishedAsync);

    private async Task PublishedAsync()
    {
        // Who is in the middle of a line or a decision keeps it before them; the step itself says when something became another.
        if (_gone.IsCancellationRequested || _busy || _line is not null || _adding || _approving || _puttingAside)
            return;
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        _loadedFor = Number;
        try
        {
            _view = await Read.RunAsync(_me!, _gone.Token);
            var before = _shown;
            _shown = _view.Versions.FirstOrDefault(v => v.Number == (Number ?? _view.Current));
            if (before?.Number != _shown?.Number)
                CloseDialogs();
            if (before is null || before.Number != _shown?.Number || before.Note == _note || (before.Note is null && _note.Length == 0))
                _note = _shown?.Note ?? "";
            // A draft is compared with what decides now, what was in force with what was in force before it.
            var against = _shown?.State is RuleState.Current or RuleState.Older ? _shown.Table.BasedOn : _view.Current;
            _against = _shown is null ? null : _view.Versions.FirstOrDefault(v => v.Number == against && v.Number != _shown.Number);
            _comparison = _against is null ? null : await Compare.RunAsync(_against.Table, _shown!.Table, _gone.Token);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            RulesLog.ReadFailed(Log, fault);
            _failed = _view is null;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private string Standing(RuleVersion v) => v.State switch
    {
        RuleState.Current when v.ApprovedBy is null => T["InForce.First", v.Number],
        RuleState.Current => T["InForce", v.Number, BelgianTime.FullMoment(v.ApprovedAt!.Value)],
        RuleState.Older => T["Was", v.Number, BelgianTime.FullMoment(v.ApprovedAt ?? v.MadeAt), _view!.Current],
        RuleState.Proposed => T["Is.Proposed", v.Number, v.ProposedBy ?? "", BelgianTime.FullMoment(v.ProposedAt ?? v.MadeAt)],
        RuleState.PutAside => T["Is.PutAside", v.Number],
        _ => T["Is.Draft", v.Number, v.MadeBy ?? "", BelgianTime.FullMoment(v.MadeAt)],
    };

    private string Cited(RuleVersion v)
    {
        var line = v.Table.Lines.FirstOrDefault(l => RulesTable.Categories.Any(c => l.NumberOf(c) == Rule));
        if (line is null)
            return T["Cited.Unknown", Platform.Text.SafeText.Line(Rule!, 12), v.Number];
        var category = RulesTable.Categories.First(c => line.NumberOf(c) == Rule);
        var rights = Enum.GetValues<RuleRight>().Where(r => line.Of(r).HasFlag(category)).Select(RulesText.Of).ToList();
        return T["Cited", Rule!, RulesText.Of(line.Role, line.Line), RulesText.Of(category), v.Number, rights.Count == 0 ? T["Cited.Nothing"].Value : string.Join(", ", rights)];
    }

    private static string SimulatorHref(RuleVersion v) => v.State is RuleState.Current ? "/rules/view-as" : $"/rules/view-as?version={v.Number}";

    private void FilterAsync(ChangeEventArgs e) => Nav.NavigateTo(Nav.GetUriWithQueryParameter("role", e.Value is string { Length: > 0 } role ? role : null), replace: true);

    private void CloseDialogs()
    {
        (_line, _adding, _approving, _puttingAside) = (null, false, false, false);
        (_problem, _faults) = (null, []);
    }

    private void Edit(RuleLine line)
    {
        CloseDialogs();
        _line = line;
    }

    private Task BeginAsync() => DoAsync(() => Save.RunAsync(_me!, new(null, null, _shown!.Table, null), _gone.Token), n => T["New.Done", n]);

    private Task KeepLineAsync(RuleLine line) => SaveTableAsync(_shown!.Table with { Lines = [.. _shown.Table.Lines.Select(l => l.Number == line.Number ? line : l)] });

    private Task DropLineAsync(RuleLine line) => SaveTableAsync(_shown!.Table with { Lines = _shown.Table.Lines.RemoveAll(l => l.Number == line.Number) });

    private Task AddLineAsync()
    {
        var table = _shown!.Table;
        if (table.Lines.Any(l => l.Role == _addRole && l.Line == _addLine) || table.Lines.FirstOrDefault(l => l.Role == _addRole && l.Line is null) is not { } like)
        {
            _problem = T["AddLine.There"];
            return Task.CompletedTask;
        }

        return SaveTableAsync(table with { Lines = table.Lines.Add(like with { Number = table.Lines.Max(l => l.Number) + 1, Line = _addLine }) });
    }

    private Task SaveTableAsync(RuleDocument table) => DoAsync(() => Save.RunAsync(_me!, new(_shown!.Number, _shown.Json, table, _note), _gone.Token), n => T["Saved", n]);

    private Task KeepNoteAsync() => SaveTableAsync(_shown!.Table);

    private Task RenewAsync() => DoAsync(() => Renew.RunAsync(_me!, _shown!.Number, _shown.Json, _gone.Token), _ => T["Renew.Done"]);

    private Task ProposeAsync() => DoAsync(() => Propose.RunAsync(_me!, _shown!.Number, _shown.Json, _gone.Token), n => T["Propose.Done", n]);

    private Task TakeBackAsync() => DoAsync(() => TakeBack.RunAsync(_me!, _shown!.Number, RuleState.Proposed, _gone.Token), n => T["TakeBack.Done", n]);

    private Task PutAsideAsync() => DoAsync(() => TakeBack.RunAsync(_me!, _shown!.Number, RuleState.Draft, _gone.Token), n => T["PutAside.Done", n]);

    private Task ApproveAsync() => DoAsync(() => Approve.RunAsync(_me!, _shown!.Number, _shown.Json, _gone.Token), n => T["Approve.Done", n]);

    private async Task DoAsync(Func<Task<RuleResult>> step, Func<int, string> done)
    {
        if (_busy)
            return;
        (_busy, _problem, _faults) = (true, null, []);
        try
        {
            var result = await step();
            switch (result)
            {
                case RuleResult.Done(var number):
                    CloseDialogs();
                    Toasts.Show(done(number));
                    News.Tell();
                    if (Number != number && number != _view?.Current)
                    {
                        Nav.NavigateTo($"/rules/{number}"); // the page reads when it gets there
                        return;
                    }

                    break;
                case RuleResult.Nonsense(var faults):
                    _faults = faults;
                    return;
                case RuleResult.NoteTooLong(var most):
                    _problem = T["Why.NoteTooLong", most];
                    return;
                case RuleResult.Stale(var current):
                    CloseDialogs();
                    _problem = T["Stale", current];
                    break;
                case RuleResult.OwnProposal:
                    CloseDialogs();
                    _problem = T["Approve.Own"];
                    break;
                default:
                    CloseDialogs();
                    _problem = T[$"Why.{result.GetType().Name}"];
                    break;
            }

            await LoadAsync();
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            RulesLog.StepFailed(Log, fault);
            _problem = T["Why.Failed"];
        }
        finally
        {
            _busy = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Book.Changed -= Published;
        News.Changed -= Published;
        _gone.Cancel();
        _gone.Dispose();
    }
}
