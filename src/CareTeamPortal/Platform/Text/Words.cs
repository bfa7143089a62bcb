using System.Resources;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Text;

/// <summary>The words of one resource file, for code that has no localizer at hand. <paramref name="baseName"/> is the file's full name without its ending.</summary>
internal sealed class Words(string baseName)
{
    private readonly ResourceManager _words = new(baseName, typeof(Words).Assembly);

    /// <summary>The words of the file that stands beside <paramref name="marker"/>.</summary>
    public Words(Type marker)
        : this(marker.FullName!)
    {
    }

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public string? Find(string key) => _words.GetString(key);

    /// <summary>The text under <paramref name="key"/> with its places filled. A text that is missing shows as its key: a page with an odd word serves better than no page.</summary>
    public string Get(string key, params ReadOnlySpan<object?> values)
    {
        var text = Find(key) ?? key;
        return values.IsEmpty ? text : string.Format(BelgianTime.Culture, text, values);
    }
}
