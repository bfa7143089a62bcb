using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Which templates there are, and the way to a new one for who keeps them.</summary>
public sealed partial class TemplateList
{
    private readonly CancellationTokenSource _gone = new();
    private ReadTemplates.View? _view;
    private string _title = "";
    private string _from = "";
    private string? _problem;
    private bool _adding;
    private bool _busy;
    private bool _failed;

    [Inject] private ReadTemplates Read { get; set; } = default!;
    [Inject] private SaveTemplateDraft Save { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private ILogger<TemplateList> Log { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            _view = await Read.RunAsync(await Current.RequireAsync(), _gone.Token);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            TemplatesLog.ReadFailed(Log, fault);
            _failed = true;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AddAsync()
    {
        if (_busy)
            return;
        if (string.IsNullOrWhiteSpace(_title))
        {
            _problem = T["Mend.NoTitle"];
            return;
        }

        (_busy, _problem) = (true, null);
        try
        {
            var from = _view!.Lines.FirstOrDefault(l => l.Template.Id == _from)?.Template;
            var result = await Save.RunAsync(await Current.RequireAsync(), new() { Template = (from ?? new() { Id = "nieuw", Version = 1, Title = "" }) with { Title = _title } }, _gone.Token);
            if (result is TemplateResult.Done(var id, _))
                Nav.NavigateTo($"/pathways/templates/{id}/edit");
            else
                _problem = T[$"Why.{result.GetType().Name}"];
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
