using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace CareTeamPortal.Platform.Ui;

/// <summary>
/// A piece of a component's markup that can be drawn again without the rest of it: where a part changes often and what surrounds it seldom.
/// The markup reads the fields of the component around it each time it is drawn.
/// </summary>
public sealed class DrawnAlone : ComponentBase
{
    /// <summary>The piece.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>Draws the piece and nothing around it. Call on the renderer's thread.</summary>
    public void Draw() => StateHasChanged();

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
