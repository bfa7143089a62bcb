using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>How many tasks of one file are open, among those that the viewer may see.</summary>
internal sealed class CountTasks(CareDesk desk) : PatientUseCase<CountTasks.Request, int>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<int> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.ReadAsync((reader, _) => ValueTask.FromResult(TaskSql.CountOpen(reader.Session, room)), ct);
}
