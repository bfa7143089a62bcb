using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>A worklist with its filters that somebody named.</summary>
/// <param name="Filter">As the query string of the page says it: ids and codes.</param>
internal sealed record SavedView(long Key, string Name, string Filter);

/// <summary>The worklists that a person named; one's own only.</summary>
internal sealed class SavedViews(CareDesk desk)
{
    public const int Most = 30;
    public const int LongestName = 60;
    private const int LongestFilter = 400;

    /// <summary>How the filter of a view begins: of the worklist, of the case manager's page.</summary>
    public const string Worklist = "list=";
    public const string Population = "population?";

    /// <summary>Those of one page.</summary>
    /// <param name="page">How their filters begin.</param>
    public Task<IReadOnlyList<SavedView>> ReadAsync(Actor actor, string page, CancellationToken ct) => desk.ReadAcrossAsync<IReadOnlyList<SavedView>>(actor, (session, who, _, _) =>
        ValueTask.FromResult<IReadOnlyList<SavedView>>([.. TaskSql.SavedViews(session, who.Person, Most).Where(v => v.Filter.StartsWith(page, StringComparison.Ordinal)).Select(v => new SavedView(v.Key, v.Name, v.Filter))]), ct);

    /// <summary>Keeps one, in the place of the one with that name; false when the name or filter says nothing or there are too many.</summary>
    public Task<bool> KeepAsync(Actor actor, string name, string filter, CancellationToken ct)
    {
        var line = SafeText.Line(name, LongestName);
        return line.Length == 0 || filter.Length is 0 or > LongestFilter ? Task.FromResult(false) : desk.KeepOwnAsync(actor, (session, who, _) => TaskSql.KeepView(session, who.Person, line, filter, Most), ct);
    }

    /// <summary>Puts one away.</summary>
    public Task PutAwayAsync(Actor actor, long key, CancellationToken ct) => desk.KeepOwnAsync(actor, (session, who, _) => TaskSql.PutViewAway(session, who.Person, key), ct);
}
