using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Tasks (or hand-offs) across the files that are open to somebody, by due date, a page at a time.</summary>
internal sealed class ReadWorklist(CareDesk desk, PeopleDirectory people, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <param name="After">Where the last page ended; null for the first.</param>
    internal sealed record Request(TaskList List, TaskFilter Filter, (long DueSort, string Id)? After = null, int Count = PageSize);

    /// <param name="Next">Where the next page begins; null at the end.</param>
    internal sealed record Result(IReadOnlyList<TaskView> Tasks, (long DueSort, string Id)? Next);

    /// <summary>A page. Titles are content, so each file shown gets its access record.</summary>
    public Task<Result> RunAsync(Actor actor, Request request, CancellationToken ct) => desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var me = people.Find(who.Person);
        var viewer = request.List == TaskList.Team ? WorklistSql.Viewer(session, who.Person, reach, now) : WorklistSql.ViewerByRow(who.Person, reach, now);
        var rows = TaskSql.Page(session, viewer, request.List, request.Filter, who.Discipline, me?.Organisation, request.After, request.Count + 1);
        if (request is { List: TaskList.Mine, After: null, Filter.Closed: false })
            rows = [.. TaskSql.Delegated(session, viewer, request.Count).Where(d => d.Task.IsHandoff == request.Filter.Handoffs && rows.TrueForAll(r => r.Task.Id != d.Task.Id)), .. rows];
        var more = rows.Count > request.Count;
        var views = rows.Take(request.Count).Select(r => TaskView.From(r.Task, r.PatientName, who.Person, me, people, now)).ToList();
        var last = more ? rows[request.Count - 1].Task : null;
        return ValueTask.FromResult<(Result, IEnumerable<PatientId>)>((new Result(views, last is null ? null : (last.DueSort, last.Id)), views.Select(v => v.Patient)));
    }, ct);
}

/// <summary>What somebody was told about tasks and hand-offs, and putting it away.</summary>
internal sealed class ReadNotices(CareDesk desk, PeopleDirectory people, TimeProvider clock)
{
    /// <summary>Something about a file: a relation that ends, a broken glass.</summary>
    internal sealed record AboutFile(long Key, FileNoticeKind Kind, PatientId Patient, string PatientName, string? About, bool AboutMe, bool MyOwnFile, DateTime At, DateTime? Until);

    /// <summary>What was told about files, newest first.</summary>
    public Task<IReadOnlyList<AboutFile>> OfFilesAsync(Actor actor, int most, CancellationToken ct) => desk.ReadAcrossAsync<IReadOnlyList<AboutFile>>(actor, (session, who, reach, _) =>
        ValueTask.FromResult<IReadOnlyList<AboutFile>>(FileNoticeSql.Of(session, WorklistSql.ViewerByRow(who.Person, reach, clock.UtcMicroseconds()), most).ConvertAll(n =>
            new AboutFile(n.Key, n.Kind, n.Patient, n.PatientName, n.About is { } id ? people.Find(id)?.DisplayName : null, n.About == who.Person, who.OwnFile == n.Patient, n.At, n.Until))), ct);

    /// <summary>The person has read it.</summary>
    public Task PutFileNoticeAwayAsync(Actor actor, long key, CancellationToken ct) => desk.KeepOwnAsync(actor, (session, who, now) =>
    {
        FileNoticeSql.PutAway(session, who.Person, key, now);
        return true;
    }, ct);

    internal sealed record Notice(long Key, NoticeKind Kind, DateTime At, TaskView Task);

    public Task<IReadOnlyList<Notice>> RunAsync(Actor actor, int most, CancellationToken ct) => desk.ShowAcrossAsync<IReadOnlyList<Notice>>(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var me = people.Find(who.Person);
        var notices = TaskSql.Notices(session, WorklistSql.ViewerByRow(who.Person, reach, now), most)
            .ConvertAll(n => new Notice(n.Key, (NoticeKind)n.Kind, n.At, TaskView.From(n.Task.Task, n.Task.PatientName, who.Person, me, people, now)));
        return ValueTask.FromResult<(IReadOnlyList<Notice>, IEnumerable<PatientId>)>((notices, notices.Select(n => n.Task.Patient)));
    }, ct);

    /// <summary>How many are not put away, and the newest: nothing of a file is shown.</summary>
    public Task<(int Count, long Newest, long NewestOfFiles)> CountAsync(Actor actor, CancellationToken ct) => desk.ReadAcrossAsync(actor, (session, who, reach, _) =>
    {
        if (reach.IsEmpty)
            return ValueTask.FromResult((0, 0L, 0L));
        var viewer = WorklistSql.ViewerByRow(who.Person, reach, clock.UtcMicroseconds());
        var (tasks, newest) = TaskSql.CountNotices(session, viewer);
        var (files, newestOfFiles) = FileNoticeSql.Count(session, viewer);
        return ValueTask.FromResult((tasks + files, newest, newestOfFiles));
    }, ct);

    /// <summary>The person has read it.</summary>
    public Task PutAwayAsync(Actor actor, long key, CancellationToken ct) => desk.KeepOwnAsync(actor, (session, who, now) =>
    {
        TaskSql.PutAway(session, who.Person, key, now);
        return true;
    }, ct);
}
