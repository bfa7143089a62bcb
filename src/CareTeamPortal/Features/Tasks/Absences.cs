using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>When a person is away; one's own only. Before an absence is entered, its page asks for a new owner of what is due in it.</summary>
internal sealed class Absences(CareDesk desk, TimeProvider clock)
{
    /// <summary>Longest absence.</summary>
    public const int MostDays = 400;

    /// <summary>One's own absences that are not over.</summary>
    public Task<IReadOnlyList<Absence>> ReadAsync(Actor actor, CancellationToken ct) => desk.ReadAcrossAsync<IReadOnlyList<Absence>>(actor, (session, who, _, _) =>
        ValueTask.FromResult<IReadOnlyList<Absence>>(TeamSql.AbsencesOf(session, who.Person, clock.UtcMicroseconds())), ct);

    /// <summary>Enters one from a day to a day, both included; false when it is over, turned round, too long, or overlaps another.</summary>
    public Task<bool> EnterAsync(Actor actor, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var (start, end) = Bounds(from, to);
        return !AreDays(from, to, clock.UtcMicroseconds()) ? Task.FromResult(false) : desk.KeepOwnAsync(actor, (session, who, _) => TeamSql.AddAbsence(session, who.Person, start, end), ct);
    }

    /// <summary>Whether these are days that somebody can be away: in order, not too many, not over.</summary>
    internal static bool AreDays(DateOnly from, DateOnly to, DateTime now) => to >= from && to.DayNumber - from.DayNumber <= MostDays && Bounds(from, to).Until > now;

    /// <summary>Takes one back.</summary>
    public Task<bool> WithdrawAsync(Actor actor, long key, CancellationToken ct) => desk.KeepOwnAsync(actor, (session, who, now) => TeamSql.WithdrawAbsence(session, who.Person, key, now), ct);

    /// <summary>First instant of the first day and first after the last, UTC.</summary>
    public static (DateTime From, DateTime Until) Bounds(DateOnly from, DateOnly to) => (BelgianTime.BoundsOf(from).Start, BelgianTime.BoundsOf(to).End);
}
