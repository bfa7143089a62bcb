using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Enters an absence and asks others to do what falls in it, over all files in one transaction: all of it happened, or nothing did. One's own tasks only;
/// every file is opened, with its right and its access record, before anything is written.
/// </summary>
internal sealed class EnterAbsence(CareDesk desk, TaskFiling tasks)
{
    /// <summary>More than this are not asked at once: everyone who writes waits meanwhile.</summary>
    public const int Most = 2_000;

    /// <param name="From">First day.</param>
    /// <param name="To">Last day.</param>
    /// <param name="Files">Who is asked for which task, by patient.</param>
    internal sealed record Request(DateOnly From, DateOnly To, IReadOnlyList<Gifts> Files, string? Remark = null);

    internal sealed record Gifts(PatientId Patient, IReadOnlyList<Gift> Tasks);

    internal sealed record Gift(string Id, TaskParty To);

    internal enum Outcome
    {
        /// <summary>Asked; one answers for it oneself until the other takes it on.</summary>
        Asked,

        /// <summary>Asked of the same one before.</summary>
        AskedBefore,

        /// <summary>Closed meanwhile, or somebody else has it: there is nothing to give.</summary>
        Settled,

        /// <summary>A rule forbids it.</summary>
        Refused,

        /// <summary>Could be, and was not, because another was refused.</summary>
        Undone,
    }

    /// <summary>What became of one.</summary>
    /// <param name="Why">The rule, of one that was refused.</param>
    internal sealed record Given(PatientId Patient, string Id, Outcome Outcome, TaskResult? Why = null);

    /// <summary>What became of all of it.</summary>
    /// <param name="IsEntered">The absence is entered and all is asked; otherwise nothing was written.</param>
    /// <param name="Overlaps">Nothing was, because the days overlap with another absence, or are none.</param>
    /// <param name="Closed">Files that are not open any more, and whether only this action is not.</param>
    internal sealed record Result(bool IsEntered, bool Overlaps, IReadOnlyList<Given> Tasks, IReadOnlyDictionary<PatientId, bool> Closed);

    /// <summary>Does it.</summary>
    public async Task<Result> RunAsync(Actor me, Request request, CancellationToken ct)
    {
        var files = request.Files.Where(f => f.Tasks.Count > 0).DistinctBy(f => f.Patient).ToList();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files.Sum(f => f.Tasks.Count), Most, nameof(request));
        if (!Absences.AreDays(request.From, request.To, desk.Now))
            return new(false, true, [], new Dictionary<PatientId, bool>());
        var (start, end) = Absences.Bounds(request.From, request.To);
        bool Enter(DbSession session) => TeamSql.AddAbsence(session, me.Person, start, end);
        if (files.Count == 0)
        {
            var entered = await desk.KeepOwnAsync(me, (session, _, _) => Enter(session), ct);
            return new(entered, !entered, [], new Dictionary<PatientId, bool>());
        }

        for (var tries = 1; ; tries++)
        {
            var (rooms, closed) = await OpenAsync(me, files, ct);
            if (closed.Count > 0)
                return new(false, false, [.. files.SelectMany(f => f.Tasks.Select(t => new Given(f.Patient, t.Id, Outcome.Undone)))], closed);
            try
            {
                return await PatientRoom.CommitTogetherAsync(rooms, (writers, _) =>
                {
                    var given = new List<Given>();
                    foreach (var (writer, file) in writers.Zip(files))
                        given.AddRange(file.Tasks.DistinctBy(t => t.Id).Select(gift => Give(writer, gift, request.Remark)));
                    if (given.Exists(g => g.Outcome == Outcome.Refused))
                        throw new NotAll(new(false, false, [.. given.Select(g => g.Outcome == Outcome.Asked ? g with { Outcome = Outcome.Undone } : g)], closed));
                    return Enter(writers[0].Session) ? ValueTask.FromResult(new Result(true, false, given, closed)) : throw new NotAll(new(false, true, [], closed));
                }, ct);
            }
            catch (NotAll undone)
            {
                return undone.Result;
            }
            catch (Exception moved) when (moved is RightsMoved or PatientNotFound && tries < 3)
            {
                // Rights changed between opening and writing, and nothing was written.
                foreach (var file in files)
                    desk.ForgetRights(me.Person, file.Patient);
            }
        }
    }

    private async Task<(List<PatientRoom> Rooms, Dictionary<PatientId, bool> Closed)> OpenAsync(Actor me, List<Gifts> files, CancellationToken ct)
    {
        var (rooms, closed) = (new List<PatientRoom>(files.Count), new Dictionary<PatientId, bool>());
        foreach (var file in files)
        {
            try
            {
                rooms.Add(await desk.OpenAsync(me, file.Patient, CareAction.DoTasks, AccessSource.Page, ct));
            }
            catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
            {
                closed[file.Patient] = fault is ActionRefused;
            }
        }

        return (rooms, closed);
    }

    private Given Give(RoomWriter writer, Gift gift, string? remark)
    {
        var room = writer.Room;
        if (tasks.Find(writer.Session, room, gift.Id) is not { Task: { } now } || !now.IsOpen || (now.Owner ?? now.Requester)?.Person != room.Actor.Person)
            return new(room.Patient, gift.Id, Outcome.Settled);
        if (gift.To.IsSame(now.Delegate))
            return new(room.Patient, gift.Id, Outcome.AskedBefore);
        var result = TaskChange.Run(writer, tasks, gift.Id, null, (_, stored, actor) => AssignTask.To(writer, tasks, stored, actor, gift.To, null, remark));
        return result is TaskDone ? new(room.Patient, gift.Id, Outcome.Asked) : new(room.Patient, gift.Id, Outcome.Refused, result);
    }

    /// <summary>Undoes the transaction.</summary>
    private sealed class NotAll(Result result) : Exception("Not all of it can be done, so none of it is.")
    {
        public Result Result { get; } = result;
    }
}
