using System.Globalization;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Patients;

/// <summary>Order of the patient list.</summary>
public enum PatientOrder
{
    /// <summary>Questions to me, mentions of me, news; then the rest by name.</summary>
    Attention = 0,
    Name = 1,
    Change = 2,
}

/// <summary>The files that are open to a person: a page of the list, or what a search finds. Keyset pages; the same work at 10 and at 100,000 files.</summary>
internal sealed class ReadPatients(CareDesk desk, PeopleDirectory people, RuleBook rules, TimeProvider clock)
{
    /// <summary>Files are counted up to here.</summary>
    public const int Counted = WorklistSql.CountedFiles;

    /// <summary>A search shows at most this many.</summary>
    public const int MostFound = 50;
    private const int MostAttention = 500;

    /// <param name="After">Where the page before ended; opaque.</param>
    internal sealed record Request(PatientOrder Order = PatientOrder.Attention, string? Search = null, string? After = null, int Count = 50);

    /// <param name="Total">How many files are open to the person; <see cref="Counted"/> + 1 means more than that.</param>
    /// <param name="Next">Where the next page begins; null at the end.</param>
    /// <param name="More">A search found more than it shows.</param>
    internal sealed record Page(IReadOnlyList<Line> Lines, int Total, string? Next, bool More, string Stamp);

    /// <param name="New">Entries of others since the last visit, among those that the person may see; null when the file was never opened.</param>
    /// <param name="Questions">Questions that wait for this person.</param>
    /// <param name="ReplyBy">The earliest deadline among them.</param>
    internal sealed record Line(WorklistPatient Patient, int? New, int Questions, DateTime? ReplyBy, int Mentions, string? AccountableName, string? AccountableRole, CareLine? AccountableLine)
    {
        public bool NeedsAttention => Questions > 0 || Mentions > 0 || New > 0;
    }

    /// <summary>A page; the hits of a search stand in the access record of each file before they are shown.</summary>
    public Task<Page> RunAsync(Actor actor, Request request, CancellationToken ct) => string.IsNullOrWhiteSpace(request.Search)
        ? desk.ReadAcrossAsync(actor, (session, who, reach, _) => ReadAsync(session, who, reach, request), ct)
        : desk.ShowAcrossAsync(actor, async (session, who, reach, _) =>
        {
            var page = await ReadAsync(session, who, reach, request);
            return (page, page.Lines.Select(l => l.Patient.Patient));
        }, ct, AccessSource.Search);

    private ValueTask<Page> ReadAsync(DbSession session, Actor who, AcrossReach reach, Request request)
    {
        if (reach.IsEmpty)
            return ValueTask.FromResult(new Page([], 0, null, false, ""));
        var viewer = WorklistSql.Viewer(session, who.Person, reach, clock.UtcMicroseconds());
        var total = viewer.Files;
        var stamp = WorklistSql.Stamp(session);
        var attention = Attention(session, viewer);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var found = Find(session, viewer, who, request.Search);
            return ValueTask.FromResult(new Page(Lines(session, viewer, who, attention, found.Take(Math.Min(request.Count, MostFound))), total, null, found.Count > Math.Min(request.Count, MostFound), stamp));
        }

        var (ids, next) = request.Order switch
        {
            PatientOrder.Name => ByName(session, viewer, request),
            PatientOrder.Change => ByChange(session, viewer, request),
            _ => ByAttention(session, viewer, attention, request),
        };
        return ValueTask.FromResult(new Page(Lines(session, viewer, who, attention, ids), total, next, false, stamp));
    }

    /// <summary>Whether the person's files may be others than when this stamp was given.</summary>
    public Task<bool> IsStaleAsync(Actor actor, string stamp, CancellationToken ct) =>
        desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(WorklistSql.Stamp(session) != stamp), ct);

    private static (IEnumerable<PatientId>, string?) ByName(DbSession session, WorklistViewer viewer, Request request)
    {
        var after = Cut(request.After, 'n') is [var name, var id] ? (name, id) : ((string, string)?)null;
        var rows = WorklistSql.ByName(session, viewer, after, request.Count + 1);
        return (rows.Take(request.Count).Select(r => r.Patient), rows.Count > request.Count ? Join('n', rows[request.Count - 1].SortName, rows[request.Count - 1].Patient.Value) : null);
    }

    private static (IEnumerable<PatientId>, string?) ByChange(DbSession session, WorklistViewer viewer, Request request)
    {
        var after = Cut(request.After, 'c') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? (ticks, id) : ((long, string)?)null;
        var rows = WorklistSql.ByChange(session, viewer, after, request.Count + 1);
        return (rows.Take(request.Count).Select(r => r.Patient), rows.Count > request.Count ? Join('c', rows[request.Count - 1].At.ToString(CultureInfo.InvariantCulture), rows[request.Count - 1].Patient.Value) : null);
    }

    /// <summary>First what asks for something, then everybody else by name.</summary>
    private static (IEnumerable<PatientId>, string?) ByAttention(DbSession session, WorklistViewer viewer, AttentionList attention, Request request)
    {
        var ids = new List<PatientId>();
        (string, string)? after = null;
        if (Cut(request.After, 'a') is [var position] && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var skip))
        {
            ids.AddRange(attention.Order.Skip(skip).Take(request.Count));
            if (skip + request.Count < attention.Order.Count)
                return (ids, Join('a', (skip + request.Count).ToString(CultureInfo.InvariantCulture)));
        }
        else if (Cut(request.After, 'n') is [var name, var id])
        {
            after = (name, id);
        }
        else
        {
            ids.AddRange(attention.Order.Take(request.Count));
            if (request.Count < attention.Order.Count)
                return (ids, Join('a', request.Count.ToString(CultureInfo.InvariantCulture)));
        }

        // The rest may hold some of the first part again: read on until the page is full.
        var first = attention.Order.ToHashSet();
        while (true)
        {
            var rows = WorklistSql.ByName(session, viewer, after, request.Count + 1);
            foreach (var (patient, sortName) in rows)
            {
                if (first.Contains(patient))
                {
                    after = (sortName, patient.Value);
                    continue;
                }

                if (ids.Count == request.Count)
                    return (ids, Join('n', after!.Value.Item1, after.Value.Item2));
                ids.Add(patient);
                after = (sortName, patient.Value);
            }

            if (rows.Count <= request.Count)
                return (ids, null);
        }
    }

    private sealed record AttentionList(IReadOnlyList<PatientId> Order, IReadOnlyDictionary<PatientId, (int Count, DateTime? By)> Questions, IReadOnlyDictionary<PatientId, int> Mentions);

    private static AttentionList Attention(DbSession session, WorklistViewer viewer)
    {
        var questions = WorklistSql.Mine(session, viewer, MostAttention).Where(e => e.Kind == 1).GroupBy(e => e.PatientId).ToDictionary(g => g.Key, g => (g.Count(), g.Min(e => e.ReplyBy)));
        var mentions = WorklistSql.Mentions(session, viewer, MostAttention).GroupBy(e => e.PatientId).ToDictionary(g => g.Key, g => g.Count());
        var order = questions.OrderBy(q => q.Value.Item2 ?? DateTime.MaxValue).Select(q => q.Key)
            .Concat(mentions.Keys)
            .Concat(WorklistSql.Changed(session, viewer, MostAttention)).Distinct().ToList();
        return new AttentionList(order, questions, mentions);
    }

    private List<Line> Lines(DbSession session, WorklistViewer viewer, Actor who, AttentionList attention, IEnumerable<PatientId> ids)
    {
        var lines = new List<Line>();
        foreach (var id in ids)
        {
            if (WorklistSql.Patient(session, viewer, id) is not { } patient)
                continue;
            var sees = (GrantSql.Member(session, id, viewer.Person, viewer.Now)?.Allows ?? InformationCategory.None) & rules.Current.ReachIn(who, id).Categories;
            if (!sees.HasFlag(InformationCategory.Administrative))
            {
                // A case manager has the names of those who agreed; who gives care knows whose care it is, and no more.
                if (who.Discipline.Kind() == RoleKind.Coordination)
                    continue;
                patient = patient with { BirthDate = null, City = null, AddressLine = null };
            }

            var (questions, by) = attention.Questions.GetValueOrDefault(id);
            var accountable = patient.Accountable is { } a ? people.Find(a) : null;
            lines.Add(new Line(patient, patient.SeenCursor is null ? null : patient.New, questions, by, attention.Mentions.GetValueOrDefault(id), accountable?.DisplayName, accountable?.RoleTitle, accountable?.Line));
        }

        return lines;
    }

    /// <summary>By national number, birth date or name; typing errors and accents are forgiven.</summary>
    private List<PatientId> Find(DbSession session, WorklistViewer viewer, Actor actor, string typed)
    {
        var text = typed.Trim();
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        var onlyNumber = digits.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '.' or '-' or '/');
        if (onlyNumber)
        {
            var found = new List<PatientId>();
            if (BelgianTime.ParseDate(text, BelgianTime.DayOf(viewer.Now), YearGuess.Past) is { } born)
                found.AddRange(WorklistSql.BornOn(session, viewer, born, MostFound + 1).Select(f => f.Patient));
            // Who may not see the number may not find out by asking either.
            if (digits.Length is >= 6 and <= 11)
            {
                bool MayKnow((PatientId Patient, string) hit) => rules.Current.MayIn(actor, hit.Patient, CareAction.RevealNationalNumber);
                found.AddRange(WorklistSql.WithNumber(session, viewer, digits, MostFound + 1).Where(MayKnow).Select(f => f.Patient));
                if (found.Count == 0 && digits.Length == 11)
                    found.AddRange(WorklistSql.NearNumber(session, viewer, digits, MostFound + 1).Where(MayKnow).Select(f => f.Patient));
            }

            return [.. found.Distinct()];
        }

        if (BelgianTime.ParseDate(text, BelgianTime.DayOf(viewer.Now), YearGuess.Past) is { } day && digits.Length > 0)
            return [.. WorklistSql.BornOn(session, viewer, day, MostFound + 1).Select(f => f.Patient)];

        var folded = NameFolding.Fold(text);
        var words = folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6).ToList();
        if (words.Count == 0)
            return [];
        var exact = WorklistSql.WithWords(session, viewer, words, 1_000);
        // Of those that fit equally well the one whom the person was with last comes first.
        var visited = WorklistSql.LastVisits(session, viewer, exact.ConvertAll(e => e.Patient));
        var ranked = exact.Select(e => (e.Patient, e.SortName, Score: NameFolding.Match(folded, e.SortName))).OrderByDescending(e => e.Score).ThenByDescending(e => visited.GetValueOrDefault(e.Patient)).ThenBy(e => e.SortName, StringComparer.Ordinal).Select(e => e.Patient).ToList();
        if (ranked.Count >= 5)
            return ranked;
        return [.. ranked.Concat(Nearly(session, viewer, folded)).Distinct()];
    }

    /// <summary>Names that are nearly what was typed. Letters that differ too much rule a name out before it is compared in full.</summary>
    private static List<PatientId> Nearly(DbSession session, WorklistViewer viewer, string folded)
    {
        var sieve = new NameSieve(folded);
        var best = new List<(string Id, string Name, double Score)>();
        WorklistSql.EachName(session, viewer, (id, name) =>
        {
            if (!sieve.MayMatch(name))
                return;
            var score = NameFolding.Match(folded, name);
            if (score > 0)
                best.Add((id, name, score));
        });
        var first = best.OrderByDescending(b => b.Score).ThenBy(b => b.Name, StringComparer.Ordinal).Take(2 * MostFound).ToList();
        var visited = WorklistSql.LastVisits(session, viewer, first.ConvertAll(b => new PatientId(b.Id)));
        return [.. first.OrderByDescending(b => b.Score).ThenByDescending(b => visited.GetValueOrDefault(new(b.Id))).ThenBy(b => b.Name, StringComparer.Ordinal).Take(MostFound + 1).Select(b => new PatientId(b.Id))];
    }

    // Places stay on the server: they hold names.
    private static string Join(char order, params string[] parts) => order + "\u001f" + string.Join('\u001f', parts);

    private static string[] Cut(string? place, char order) => place is not null && place.Length > 2 && place[0] == order ? place[2..].Split('\u001f') : [];
}
