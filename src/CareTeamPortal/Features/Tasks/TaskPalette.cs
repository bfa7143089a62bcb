using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.Features.Tasks;

/// <summary>"Nieuwe taak" in the command palette.</summary>
internal sealed class TaskPalette(TaskWindow window, RuleBook rules) : IPaletteSource
{
    public ValueTask<IReadOnlyList<PaletteItem>> FindAsync(Actor person, string text, int limit, CancellationToken ct)
    {
        var title = TaskWords.Get("New");
        return ValueTask.FromResult<IReadOnlyList<PaletteItem>>(rules.Current.May(person, CareAction.DoTasks) && text.Length > 0 && title.Contains(text, StringComparison.CurrentCultureIgnoreCase)
            ? [new PaletteItem(title, TaskWords.Get("New.Palette"), "", "task", Act: () => window.AskAsync(new NewTask()))] : []);
    }
}
