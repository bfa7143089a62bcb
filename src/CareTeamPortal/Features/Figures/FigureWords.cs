using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Figures;

/// <summary>Marker of the words of figures (FiguresText.resx).</summary>
public sealed class FiguresText;

/// <summary>What figures say to people.</summary>
internal static class FigureWords
{
    private static readonly Words Words = new(typeof(FiguresText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);
}
