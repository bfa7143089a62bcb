using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>Corrects one's own measurement, with a reason. What it said before is kept, and stands in the entry too.</summary>
internal sealed class CorrectMeasurement(CareDesk desk, Filing filing) : PatientUseCase<CorrectMeasurement.Request, ChangeResult>(desk)
{
    /// <param name="Reference">The entry, <c>Observation/id</c>.</param>
    /// <param name="Version">The version that the person saw.</param>
    /// <param name="Values">Every number of it, in the order in which the entry lists them.</param>
    /// <param name="At">When it was measured, UTC; null leaves the moment as it is.</param>
    /// <param name="Reason">Why; required.</param>
    internal sealed record Request(string Reference, int Version, IReadOnlyList<CorrectedValue> Values, DateTime? At, string Reason);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<ChangeResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var reason = SafeText.Line(request.Reason, 400);
        if (reason.Length == 0)
            return Task.FromResult<ChangeResult>(new NothingSaid());
        if (request.At > room.Now)
            return Task.FromResult<ChangeResult>(new NotPossible(null));
        return room.CommitAsync((writer, _) =>
        {
            Quantity? impossible = null;
            var result = OwnEntry.Change(writer, filing, request.Reference, request.Version, root =>
            {
                impossible = Impossible(root, request.Values);
                return impossible is null ? ObservationJson.Correct(root, request.Values, request.At, before => MeasurementsText.Get("Correct.Note", before, reason)) : null;
            });
            return ValueTask.FromResult(impossible is null ? result : new NotPossible(impossible.Name));
        }, ct);
    }

    /// <summary>The first quantity that no living person has in this size.</summary>
    private static Quantity? Impossible(JsonElement root, IReadOnlyList<CorrectedValue> values) =>
        ObservationJson.Quantities(root).Zip(values).Where(q => MeasurementCatalogue.Find(q.First.Loinc) is { } known && known.InOwnUnit(q.Second.Value, q.Second.Ucum ?? q.Second.Unit) is var own && (own is null || !known.IsPlausible(own.Value)))
            .Select(q => MeasurementCatalogue.Find(q.First.Loinc)).FirstOrDefault();
}
