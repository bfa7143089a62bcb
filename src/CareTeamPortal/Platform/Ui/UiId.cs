using System.Globalization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Element ids that are unique in a page, for labels and popovers.</summary>
public static class UiId
{
    private static int _last;

    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"u{Interlocked.Increment(ref _last)}");
}
