using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Tells what follows the tasks of a file whether a commit concerned them. Most do not: two hundred open pages that a note wakes would each read
/// all tasks again. What came is read once for all viewers, as the feed beside it reads it.
/// </summary>
internal sealed class TaskNews(ReadArrivals arrivals, LiveFeed live)
{
    /// <summary>Up to where one follower knows; each has its own.</summary>
    internal sealed class Place
    {
        public long? Cursor { get; set; }
    }

    /// <summary>True when the tasks have to be read again. Asked before they are read, so that nothing falls in between.</summary>
    /// <exception cref="PatientNotFound">The file is not open to this actor any more.</exception>
    public async Task<bool> MovedAsync(Actor actor, PatientId patient, Place place, CancellationToken ct)
    {
        // What is closed to a limited viewer leaves no line to hear of: they always look again.
        if (place.Cursor is not { } known || actor.IsLimited)
        {
            place.Cursor = live.Newest(patient) is { Cursor: > 0 and var newest } ? newest : null;
            return true;
        }

        var moved = false;
        ReadArrivals.Arrivals came;
        do
        {
            came = await arrivals.RunAsync(actor, patient, new(known), ct);
            moved |= came.Entries.Any(e => e.Kind is EntryKind.Task or EntryKind.TaskDone or EntryKind.TaskStep or EntryKind.Handoff or EntryKind.HandoffStep);
            known = came.Cursor;
        }
        while (came.HasMore);
        place.Cursor = known;
        return moved;
    }
}
