using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Which templates there are, and the way to a new one for who keeps them.</summary>
public sealed partial class TemplateList
{
    private ReadTemplates.View? _view;
    private string _title = "";
    private string _from = "";
    private bool _adding;

    [Inject] private ReadTemplates Read { get; set; } = default!;
    [Inject] private SaveTemplateDraft Save { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    private Task LoadAsync() => ReadAsync(async actor => _view = await Read.RunAsync(actor, Gone));

    private async Task AddAsync()
    {
        if (string.IsNullOrWhiteSpace(_title))
        {
            Problem = T["Mend.NoTitle"];
            return;
        }

        var from = _view!.Lines.FirstOrDefault(l => l.Template.Id == _from)?.Template;
        if (await DoAsync(actor => Save.RunAsync(actor, new() { Template = (from ?? new() { Id = "nieuw", Version = 1, Title = "" }) with { Title = _title } }, Gone)) is TemplateResult.Done(var id, _))
            Nav.NavigateTo($"/pathways/templates/{id}/edit");
    }
}
