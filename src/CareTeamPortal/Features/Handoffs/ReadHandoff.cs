using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>One hand-off as the receiver reads it: its parts, the travelling tasks as they stand now, what came in since the offer.</summary>
internal sealed class ReadHandoff(CareDesk desk, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<ReadHandoff.Request, ReadHandoff.Result?>(desk)
{
    /// <param name="SeenNewsUpTo">Commit up to which this person acknowledged the news on the page.</param>
    internal sealed record Request(string Id, long? SeenNewsUpTo = null);

    /// <param name="Travelling">The tasks that travel along, as they stand now.</param>
    /// <param name="Repeats">How often those come back that do, by task.</param>
    /// <param name="News">What others wrote since the offer and the receiver has not acknowledged, oldest first, at most 50.</param>
    /// <param name="NewsUpTo">Commit to acknowledge. Stays on the server.</param>
    /// <param name="MayAnswer">The viewer may accept, decline and ask.</param>
    /// <param name="IsSender">The viewer sent it.</param>
    /// <param name="Story">Its steps, oldest first.</param>
    internal sealed record Result(CareTask Task, TaskView View, IReadOnlyList<TaskView> Travelling, IReadOnlyDictionary<string, RepeatRule> Repeats, IReadOnlyList<TimelineEntry> News, int NewsCount, long NewsUpTo, bool MayAnswer, bool IsSender, bool MayEnd, IReadOnlyList<TimelineEntry> Story);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        if (tasks.Find(session, room, request.Id) is not { Task: { IsHandoff: true, Handoff: { } content } } stored)
            return ValueTask.FromResult<Result?>(null);
        var me = people.Find(room.Actor.Person);
        var actor = tasks.ActorOf(session, room);
        var may = room.May(CareAction.HandOff);
        var asked = may && stored.Task.State.IsAsked() && actor.IsIn(stored.Task.Owner);
        var from = AcceptHandoff.NewsFrom(stored.Row, room.Actor.Person, request.SeenNewsUpTo);
        var news = stored.Task.State.IsAsked() ? TimelineSql.Since(session, room, from, room.Actor.Person, stored.Row.Seq, 50) : [];
        var count = news.Count < 50 ? news.Count : TimelineSql.CountSince(session, room, from, room.Actor.Person, stored.Row.Seq);
        var travelling = content.Tasks.Select(t => TaskSql.One(session, room, t.TaskId)).OfType<TaskRow>().ToList();
        var repeats = travelling.Where(t => t.RepeatAt is not null).Select(t => (t.Id, Rule: tasks.Find(session, room, t.Id)?.Task.Repeat)).Where(t => t.Rule is not null).DistinctBy(t => t.Id).ToDictionary(t => t.Id, t => t.Rule!);
        return ValueTask.FromResult<Result?>(new Result(
            stored.Task, TaskView.From(stored.Row, "", room.Actor.Person, me, people, room.Now),
            travelling.ConvertAll(t => TaskView.From(t, "", room.Actor.Person, me, people, room.Now)), repeats,
            news.ConvertAll(e => TimelineEntry.From(e, room.Actor.Person)), count, news.Count > 0 ? news[^1].Cursor : from, asked, stored.Task.Requester?.Person == room.Actor.Person,
            may && stored.Task.State == TaskState.InProgress && content.Scope is not null && (actor.IsIn(stored.Task.Owner) || actor.IsAccountableForPatient),
            TimelineSql.Answers(session, room, stored.Row.Seq).ConvertAll(e => TimelineEntry.From(e, room.Actor.Person))));
    }, ct);
}
