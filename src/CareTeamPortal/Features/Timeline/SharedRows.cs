using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// Rows that were put into words, shared by all viewers for whom they say the same. Whoever asks has read the entry through an open room;
/// the reach is part of the name all the same, so that no two reaches ever share a row.
/// </summary>
internal sealed class SharedRows
{
    /// <summary>Rows kept at most, twice: those used lately and those used before.</summary>
    private const int Generation = 2_000;

    private volatile ConcurrentDictionary<Name, RowView> _young = new();
    private volatile ConcurrentDictionary<Name, RowView> _old = new();
    private int _born;

    /// <summary>All that a row's words depend on.</summary>
    /// <param name="Cursor">The commit that changed the entry last.</param>
    /// <param name="Flags">What differs from reader to reader: own, new, may answer, may pin, planned, asked of me.</param>
    /// <param name="Ribbon">Rails beside and below, as two digits.</param>
    /// <param name="Today">The reader's day: "gisteren" is another day tomorrow.</param>
    /// <param name="Minutes">Left until an answer is due.</param>
    /// <param name="More">Names, other entries of the same card, the course of a value, what is answered; null for most.</param>
    internal readonly record struct Name(PatientId Patient, Reach Reach, long Seq, long Cursor, DateTime Time, int Answers, int Flags, int Ribbon, int Today, int Minutes, string? More);

    /// <summary>The row of this name; null when nobody has it yet.</summary>
    public RowView? Find(in Name name) => _young.TryGetValue(name, out var row) ? row : _old.TryGetValue(name, out row) ? Keep(name, row) : null;

    /// <summary>Keeps a row for the others; the one that all share from now on.</summary>
    public RowView Keep(in Name name, RowView row)
    {
        row = _young.GetOrAdd(name, row);
        if (Interlocked.Increment(ref _born) >= Generation)
        {
            Interlocked.Exchange(ref _born, 0);
            _old = _young;
            _young = new();
        }

        return row;
    }
}
