using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One pathway template: what it asks of whom and when, from which sources, and what changed from version to version.</summary>
public sealed partial class TemplatePage
{
    private readonly CancellationTokenSource _gone = new();
    private ReadTemplate.View? _view;
    private (string, int?)? _loadedFor;
    private string? _problem;
    private bool _standing;
    private bool _loading = true;
    private bool _failed;
    private bool _busy;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>An older version; without it the newest.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    [Inject] private ReadTemplate Read { get; set; } = default!;
    [Inject] private SaveTemplateDraft Save { get; set; } = default!;
    [Inject] private RetireTemplate Retire { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<TemplatePage> Log { get; set; } = default!;

    private string Since => _view switch
    {
        { Shown: { By: { } by } shown } => T["One.Since", T["Version.Capital", shown.Template.Version].Value, BelgianTime.FullMoment(shown.At), by],
        { Shown: { } shown } => T["One.Program", T["Version.Capital", shown.Template.Version].Value, BelgianTime.FullMoment(shown.At)],
        { Draft: { } draft } => T["One.Draft", BelgianTime.FullMoment(draft.At)],
        _ => "",
    };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_loadedFor != (Id, Version))
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        (_failed, _loading, _loadedFor) = (false, _view is null || _loadedFor?.Item1 != Id, (Id, Version));
        try
        {
            _view = await Read.RunAsync(await Current.RequireAsync(), Id, Version, _gone.Token);
            _loading = false;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            TemplatesLog.ReadFailed(Log, fault);
            (_failed, _loading) = (true, false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static int ToConfirm(PathwayTemplate template) => template.Steps.Count(s => TemplateBoard.IsToConfirm(s.Step));

    private static List<(TemplateStep Step, TemplateLimit Limit)> Limits(PathwayTemplate template) => [.. template.Steps.SelectMany(s => s.Step.Limits.Select(l => (s.Step, l)))];

    private Task BeginAsync() => DoAsync(actor => Save.RunAsync(actor, new() { Id = Id, Template = _view!.Shown!.Template }, _gone.Token), () => Nav.NavigateTo($"/pathways/templates/{Id}/edit"));

    private Task StandAsync(string reason)
    {
        _standing = false;
        var retire = _view!.Shown!.Template.Status != TemplateStatus.Retired;
        return DoAsync(actor => Retire.RunAsync(actor, Id, _view.Versions[0].Template.Version, retire, reason, _gone.Token), () => Toasts.Show(T[retire ? "One.Retire.Done" : "One.Restore.Done"]));
    }

    private async Task DoAsync(Func<Actor, Task<TemplateResult>> step, Action done)
    {
        if (_busy)
            return;
        (_busy, _problem) = (true, null);
        try
        {
            var result = await step(await Current.RequireAsync());
            if (result is TemplateResult.Done)
                done();
            else
                _problem = result is TemplateResult.NeedsReason(var most) ? T["Why.NeedsReason", most] : T[$"Why.{result.GetType().Name}"];
            await LoadAsync();
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            TemplatesLog.StepFailed(Log, fault);
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
        _gone.Cancel();
        _gone.Dispose();
    }
}
