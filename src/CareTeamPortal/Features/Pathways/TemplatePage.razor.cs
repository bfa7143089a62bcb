using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One pathway template: what it asks of whom and when, from which sources, and what changed from version to version.</summary>
public sealed partial class TemplatePage
{
    private ReadTemplate.View? _view;
    private (string, int?)? _loadedFor;
    private bool _standing;
    private bool _loading = true;

    [Parameter] public string Id { get; set; } = "";

    /// <summary>An older version; without it the newest.</summary>
    [SupplyParameterFromQuery] public int? Version { get; set; }

    [Inject] private ReadTemplate Read { get; set; } = default!;
    [Inject] private SaveTemplateDraft Save { get; set; } = default!;
    [Inject] private RetireTemplate Retire { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

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
        (_loading, _loadedFor) = (_view is null || _loadedFor?.Item1 != Id, (Id, Version));
        await ReadAsync(async actor => _view = await Read.RunAsync(actor, Id, Version, Gone));
        _loading = false;
    }

    private static int ToConfirm(PathwayTemplate template) => template.Steps.Count(s => TemplateBoard.IsToConfirm(s.Step));

    private static List<(TemplateStep Step, TemplateLimit Limit)> Limits(PathwayTemplate template) => [.. template.Steps.SelectMany(s => s.Step.Limits.Select(l => (s.Step, l)))];

    private Task BeginAsync() => DoAsync(actor => Save.RunAsync(actor, new() { Id = Id, Template = _view!.Shown!.Template }, Gone), () => Nav.NavigateTo($"/pathways/templates/{Id}/edit"));

    private Task StandAsync(string reason)
    {
        _standing = false;
        var retire = _view!.Shown!.Template.Status != TemplateStatus.Retired;
        return DoAsync(actor => Retire.RunAsync(actor, Id, _view.Versions[0].Template.Version, retire, reason, Gone), () => Toasts.Show(T[retire ? "One.Retire.Done" : "One.Restore.Done"]));
    }

    private async Task DoAsync(Func<Actor, Task<TemplateResult>> step, Action done)
    {
        if (await DoAsync(step) is not { } result)
            return;
        if (result is TemplateResult.Done)
            done();
        await LoadAsync();
    }
}
