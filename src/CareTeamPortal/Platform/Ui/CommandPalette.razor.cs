using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Ctrl+K: a patient, a colleague or an action, from the sources that features registered.</summary>
public sealed partial class CommandPalette
{
    private const int Most = 12;
    private IReadOnlyList<PaletteItem> _found = [];
    private CancellationTokenSource? _search;
    private string _text = "";
    private bool _open;
    private bool _asked;

    [Inject] private RuleBook Rules { get; set; } = default!;

    [Parameter, EditorRequired] public Actor Person { get; set; } = default!;

    private Task OpenAsync()
    {
        _open = true;
        _text = "";
        return FindAsync();
    }

    private Task TypedAsync(string? text)
    {
        _text = text ?? "";
        return FindAsync();
    }

    private async Task FindAsync()
    {
        _search?.Cancel();
        _search?.Dispose();
        var search = _search = new();
        try
        {
            var words = _text.Trim();
            var found = new List<PaletteItem>();
            foreach (var source in Sources)
                found.AddRange(await source.FindAsync(Person, words, Most, search.Token));
            found.AddRange(Entries.Where(e => e.For(Person, Rules.Current)).OrderBy(e => e.Order)
                .Select(e => new PaletteItem(e.Text(), null, e.Href, e.Icon))
                .Where(i => words.Length == 0 || i.Title.Contains(words, StringComparison.CurrentCultureIgnoreCase)));
            if (search != _search)
                return;
            _found = found.Count > Most ? found.GetRange(0, Most) : found;
            _asked = true;
        }
        catch (OperationCanceledException) when (search != _search)
        {
            // A newer search took over.
        }
    }

    private Task GoAsync(PaletteItem item)
    {
        Close();
        if (item.Act is { } act)
            return act();
        Nav.NavigateTo(item.Href);
        return Task.CompletedTask;
    }

    private void Close()
    {
        _open = false;
        _asked = false;
        _found = [];
    }

    public void Dispose()
    {
        _search?.Cancel();
        _search?.Dispose();
        _search = null;
    }
}
