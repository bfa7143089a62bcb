using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>The tasks (or hand-offs) of one file: open ones by due date, then the last closed ones.</summary>
internal sealed class ReadTasks(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadTasks.Request, ReadTasks.Result>(desk)
{
    /// <summary>More open tasks of one file than this are not listed at once.</summary>
    public const int MostOpenShown = 500;

    internal sealed record Request(bool Handoffs = false, int MostOpen = MostOpenShown, int MostClosed = 50);

    internal sealed record Result(IReadOnlyList<TaskView> Open, IReadOnlyList<TaskView> Closed)
    {
        /// <summary>Why there are none for this reader: tasks are not shared with them. Null when they are.</summary>
        public ClosedCategory? NotShared { get; init; }
    }

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var me = people.Find(room.Actor.Person);
        List<TaskView> Views(bool open, int most) => TaskSql.OfPatient(reader.Session, room, request.Handoffs, open, most).ConvertAll(t => TaskView.From(t, "", room.Actor.Person, me, people, room.Now));
        return ValueTask.FromResult(new Result(Views(true, request.MostOpen), Views(false, request.MostClosed)) { NotShared = ClosedCategory.In(room, InformationCategory.Tasks) });
    }, ct);
}

/// <summary>One task with its whole story: what it says now, its steps and comments, who may do what next.</summary>
internal sealed class ReadTask(CareDesk desk, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<ReadTask.Request, ReadTask.Result?>(desk)
{
    internal sealed record Request(string Id);

    /// <param name="Next">States into which the viewer may bring it now.</param>
    /// <param name="MayAssign">The viewer may ask somebody else.</param>
    /// <param name="Story">Steps and comments, oldest first, as far as the viewer may see them.</param>
    /// <param name="Dates">The next dates of a task that repeats.</param>
    internal sealed record Result(CareTask Task, TaskView View, IReadOnlyList<TaskState> Next, bool MayAssign, IReadOnlyList<TimelineEntry> Story, IReadOnlyList<DateTime> Dates)
    {
        /// <summary>The running pathways that it is a step of and that the viewer may see.</summary>
        public IReadOnlyList<string> Pathways { get; init; } = [];
    }

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        if (tasks.Find(reader.Session, room, request.Id) is not { } stored)
            return ValueTask.FromResult<Result?>(null);
        var actor = tasks.ActorOf(reader.Session, room);
        var may = room.May(CareAction.DoTasks);
        IReadOnlyList<TaskState> next = may && !stored.Task.IsHandoff ? [.. TaskStates.After(stored.Task.State).Append(TaskState.EnteredInError).Where(to => TaskStates.MayFollow(stored.Task.State, to) && actor.MayMove(stored.Task, to))] : [];
        var story = TimelineSql.Answers(reader.Session, room, stored.Row.Seq).ConvertAll(e => TimelineEntry.From(e, room.Actor.Person));
        IReadOnlyList<DateTime> dates = stored.Task is { Repeat: { } repeat, DueAt: { } due } ? [.. repeat.Following(due, stored.Task.SeriesStart ?? due, 5)] : [];
        return ValueTask.FromResult<Result?>(new Result(stored.Task, TaskView.From(stored.Row, "", room.Actor.Person, people.Find(room.Actor.Person), people, room.Now), next, may && stored.Task.IsOpen && actor.MayAssign(stored.Task), story, dates) { Pathways = PathwaySql.Asking(reader.Session, room, $"Task/{stored.Row.Series ?? stored.Row.Id}") });
    }, ct);
}
