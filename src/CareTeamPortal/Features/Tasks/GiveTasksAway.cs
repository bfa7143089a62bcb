using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Asks others to do one's own tasks of one patient: all of them in one transaction, or none. Doing it again does nothing twice, so that what broke
/// off halfway over several files is simply done again.
/// </summary>
internal sealed class GiveTasksAway(CareDesk desk, TaskFiling tasks) : PatientUseCase<GiveTasksAway.Request, IReadOnlyList<GiveTasksAway.Given>>(desk)
{
    /// <summary>More than this of one patient are given in several steps.</summary>
    public const int Most = 1_000;

    /// <param name="Tasks">Who is asked for which task.</param>
    internal sealed record Request(IReadOnlyList<Gift> Tasks, string? Remark = null);

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

        /// <summary>Could be, and was not, because another of this patient was refused.</summary>
        Undone,
    }

    /// <summary>What became of one.</summary>
    /// <param name="Why">The rule, of one that was refused.</param>
    internal sealed record Given(string Id, Outcome Outcome, TaskResult? Why = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override async Task<IReadOnlyList<Given>> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Tasks.Count, Most, nameof(request));
        try
        {
            return await room.CommitAsync<IReadOnlyList<Given>>((writer, _) =>
            {
                var given = request.Tasks.DistinctBy(t => t.Id).Select(gift => Give(writer, gift, request.Remark)).ToList();
                return given.Exists(g => g.Outcome == Outcome.Refused) ? throw new NotAll(given) : ValueTask.FromResult<IReadOnlyList<Given>>(given);
            }, ct);
        }
        catch (NotAll halfway)
        {
            return [.. halfway.Given.Select(g => g.Outcome == Outcome.Asked ? g with { Outcome = Outcome.Undone } : g)];
        }
    }

    private Given Give(RoomWriter writer, Gift gift, string? remark)
    {
        var room = writer.Room;
        if (tasks.Find(writer.Session, room, gift.Id) is not { Task: { } now } || !now.IsOpen || (now.Owner ?? now.Requester)?.Person != room.Actor.Person)
            return new(gift.Id, Outcome.Settled);
        if (gift.To.IsSame(now.Delegate))
            return new(gift.Id, Outcome.AskedBefore);
        var result = TaskChange.Run(writer, tasks, gift.Id, null, (_, stored, actor) => AssignTask.To(writer, tasks, stored, actor, gift.To, null, remark));
        return result is TaskDone ? new(gift.Id, Outcome.Asked) : new(gift.Id, Outcome.Refused, result);
    }

    /// <summary>Undoes the transaction.</summary>
    private sealed class NotAll(List<Given> given) : Exception("Not all of the tasks of this patient can be given away.")
    {
        public List<Given> Given { get; } = given;
    }
}
