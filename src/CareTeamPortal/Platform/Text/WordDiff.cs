namespace CareTeamPortal.Platform.Text;

/// <summary>A piece of one of two texts.</summary>
/// <param name="Differs">The other text does not have it here.</param>
public readonly record struct DiffPiece(string Text, bool Differs);

/// <summary>Which words of two texts differ, for showing both side by side.</summary>
public static class WordDiff
{
    /// <summary>Beyond this many words between what the texts begin and end with, all of that is marked: comparing would cost its square.</summary>
    private const int MostWords = 1_500;

    /// <summary>Both texts cut into pieces; each joins to its text again.</summary>
    public static (IReadOnlyList<DiffPiece> One, IReadOnlyList<DiffPiece> Other) Compare(string one, string other)
    {
        var (a, b) = (Words(one), Words(other));
        var start = 0;
        while (start < a.Count && start < b.Count && Same(a[start], b[start]))
            start++;
        var (endA, endB) = (a.Count, b.Count);
        while (endA > start && endB > start && Same(a[endA - 1], b[endB - 1]))
            (endA, endB) = (endA - 1, endB - 1);
        var (keptA, keptB) = (new bool[a.Count], new bool[b.Count]);
        for (var i = 0; i < a.Count; i++)
            keptA[i] = i < start || i >= endA;
        for (var i = 0; i < b.Count; i++)
            keptB[i] = i < start || i >= endB;
        if (endA - start <= MostWords && endB - start <= MostWords)
            Common(a, b, start, endA, endB, keptA, keptB);
        return (Pieces(a, keptA), Pieces(b, keptB));
    }

    /// <summary>Marks the longest run of words, in order, that both have.</summary>
    private static void Common(List<string> a, List<string> b, int start, int endA, int endB, bool[] keptA, bool[] keptB)
    {
        var (rows, columns) = (endA - start, endB - start);
        var longest = new ushort[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
                longest[i, j] = Same(a[start + i], b[start + j]) ? (ushort)(longest[i + 1, j + 1] + 1) : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        }

        for (var (i, j) = (0, 0); i < rows && j < columns;)
        {
            if (Same(a[start + i], b[start + j]))
                (keptA[start + i++], keptB[start + j++]) = (true, true);
            else if (longest[i + 1, j] >= longest[i, j + 1])
                i++;
            else
                j++;
        }
    }

    private static bool Same(string one, string other) => one.AsSpan().Trim().SequenceEqual(other.AsSpan().Trim());

    /// <summary>Each word with the white space behind it.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            words.Add(text[at..end]);
            at = end;
        }

        return words;
    }

    private static List<DiffPiece> Pieces(List<string> words, bool[] kept)
    {
        var pieces = new List<DiffPiece>();
        for (var at = 0; at < words.Count;)
        {
            var end = at + 1;
            while (end < words.Count && kept[end] == kept[at])
                end++;
            pieces.Add(new(string.Concat(words.GetRange(at, end - at)), !kept[at]));
            at = end;
        }

        return pieces;
    }
}
