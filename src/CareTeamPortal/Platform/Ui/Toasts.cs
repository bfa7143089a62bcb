namespace CareTeamPortal.Platform.Ui;

/// <summary>Short messages of this circuit: what happened, nothing clinical that the person did not just do.</summary>
public sealed class Toasts
{
    private const int Most = 4;
    private readonly List<Toast> _shown = [];
    private int _last;

    /// <summary>One message; <paramref name="Critical"/> is announced at once.</summary>
    public sealed record Toast(int Id, string Text, bool Critical);

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown => _shown;

    public void Show(string text, bool critical = false)
    {
        _shown.Add(new(++_last, text, critical));
        if (_shown.Count > Most)
            _shown.RemoveAt(0);
        Changed?.Invoke();
    }

    public void Dismiss(int id)
    {
        if (_shown.RemoveAll(t => t.Id == id) > 0)
            Changed?.Invoke();
    }
}
