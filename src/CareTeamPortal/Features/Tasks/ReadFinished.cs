using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>The tasks of a list that were finished in the last days, the newest first.</summary>
internal sealed class ReadFinished(CareDesk desk, PeopleDirectory people, TimeProvider clock)
{
    /// <summary>Finished before this is not shown any more.</summary>
    public const int Days = 7;
    public const int Most = 50;

    /// <param name="IsCut">There are more than are shown.</param>
    internal sealed record Result(IReadOnlyList<TaskView> Tasks, bool IsCut)
    {
        public static Result None { get; } = new([], false);
    }

    /// <summary>Titles are content, so each file shown gets its access record.</summary>
    public Task<Result> RunAsync(Actor actor, TaskList list, TaskFilter filter, CancellationToken ct) => desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var me = people.Find(who.Person);
        var rows = TaskSql.Finished(session, list == TaskList.Team ? WorklistSql.Viewer(session, who.Person, reach, now) : WorklistSql.ViewerByRow(who.Person, reach, now), list, filter, who.Discipline, me?.Organisation, now.AddDays(-Days), Most + 1);
        var views = rows.Take(Most).Select(r => TaskView.From(r.Task, r.PatientName, who.Person, me, people, now)).ToList();
        return ValueTask.FromResult<(Result, IEnumerable<PatientId>)>((new Result(views, rows.Count > Most), views.Select(v => v.Patient)));
    }, ct);
}
