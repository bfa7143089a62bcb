namespace CareTeamPortal.Platform.Text;

/// <summary>
/// Rules out, without allocating, names that <see cref="NameFolding.Match"/> would give 0: the number of letters that one word has and the other lacks
/// is never more than the number of typing errors between them. For going through very many names.
/// </summary>
internal sealed class NameSieve
{
    private const int Longest = 128;

    private readonly Word _whole;
    private readonly Word[] _words;

    /// <param name="folded">What was typed, folded.</param>
    public NameSieve(string folded)
    {
        _whole = new Word(Plain(folded).Replace(" ", "", StringComparison.Ordinal));
        _words = [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8).Select(w => new Word(Plain(w)))];
    }

    /// <summary>Whether a folded name may match; never false for one that does.</summary>
    public bool MayMatch(ReadOnlySpan<char> name)
    {
        if (name.Length > Longest)
            return true;
        Span<char> spaced = stackalloc char[Longest];
        Span<char> joined = stackalloc char[Longest];
        var (s, j) = (0, 0);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c == 'i' && i + 1 < name.Length && name[i + 1] == 'j')
            {
                c = 'y';
                i++;
            }

            spaced[s++] = c;
            if (c != ' ')
                joined[j++] = c;
        }

        var whole = joined[..j];
        return (_whole.Letters.Length >= 3 && whole.IndexOf(_whole.Letters) >= 0) || _whole.MayBe(whole) || EachWord(spaced[..s]);
    }

    private bool EachWord(ReadOnlySpan<char> name)
    {
        foreach (var word in _words)
        {
            var found = false;
            foreach (var range in name.Split(' '))
            {
                if (!word.MayBegin(name[range]))
                    continue;
                found = true;
                break;
            }

            if (!found)
                return false;
        }

        return true;
    }

    private static string Plain(string text) => text.Replace("ij", "y", StringComparison.Ordinal);

    private sealed class Word
    {
        private readonly sbyte[] _bag = new sbyte[32];
        private readonly int _allowed;

        public Word(string letters)
        {
            Letters = letters;
            // One more than the comparison forgives: there ij may still count as two letters.
            _allowed = letters.Length switch { <= 3 => 0, <= 7 => 1, _ => 2 } + 1;
            foreach (var c in letters)
                _bag[c & 31]++;
        }

        public string Letters { get; }

        public bool MayBegin(ReadOnlySpan<char> candidate) =>
            candidate.StartsWith(Letters, StringComparison.Ordinal) || MayBe(candidate) || (candidate.Length > Letters.Length && MayBe(candidate[..Letters.Length]));

        /// <summary>Letters are counted by their last five bits: two that share them only make the sieve coarser.</summary>
        public bool MayBe(ReadOnlySpan<char> candidate)
        {
            if (Math.Abs(candidate.Length - Letters.Length) > _allowed)
                return false;
            Span<sbyte> bag = stackalloc sbyte[32];
            _bag.CopyTo(bag);
            foreach (var c in candidate)
                bag[c & 31]--;
            var (more, less) = (0, 0);
            foreach (var count in bag)
            {
                if (count > 0)
                    more += count;
                else
                    less -= count;
            }

            return Math.Max(more, less) <= _allowed;
        }
    }
}
