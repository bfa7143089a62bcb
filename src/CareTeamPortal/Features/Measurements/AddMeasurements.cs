using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>Writes measurements that a person reviewed as chips: one Observation each, all or none.</summary>
internal sealed class AddMeasurements(CareDesk desk, Filing filing) : PatientUseCase<AddMeasurements.Request, AddMeasurements.Result>(desk)
{
    /// <param name="Id">Chosen by the page when the line was begun: sending the same twice writes it once. A guid.</param>
    /// <param name="Measurements">From <see cref="QuickEntry.Parse"/>, those that the person kept.</param>
    /// <param name="Note">What could not be read and stays text; goes with the first measurement.</param>
    /// <param name="At">When it was measured, UTC; null is now.</param>
    internal sealed record Request(string Id, IReadOnlyList<RecognisedMeasurement> Measurements, string? Note, Audience Audience = Audience.WholeTeam, DateTime? At = null);

    /// <summary>What was written, oldest first; empty when there was nothing to write.</summary>
    internal sealed record Result(IReadOnlyList<TimelineEntry> Entries, long Cursor);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Id, out var id))
            throw new ArgumentException("The id of a line of measurements is a guid.", nameof(request));
        if (request.Audience is not (Audience.WholeTeam or Audience.Professionals or Audience.ProfessionalsAndPatient))
            throw new ArgumentOutOfRangeException(nameof(request), "A measurement is for the whole team, for professionals, or for professionals and the patient.");
        if (request.Measurements.Count is 0 or > 30 || (request.Audience & room.Reach.Audience) == 0)
            return new Result([], 0);
        var note = request.Note is null ? null : SafeText.Lines(request.Note, 4_000).Trim();
        var prepared = new List<Prepared>();
        foreach (var (index, measurement) in request.Measurements.Index())
        {
            var draft = new ObservationDraft
            {
                Patient = room.Patient,
                Effective = request.At is { } at && at <= room.Now ? at : room.Now,
                Performer = room.Actor.Reference,
                PerformerDisplay = room.Actor.DisplayName,
                Line = room.Actor.Line,
                Audience = request.Audience,
                Note = index == 0 && note is { Length: > 0 } ? note : null,
            };
            var first = measurement.Values.FirstOrDefault();
            var json = measurement.Answer is { } answer
                ? ObservationJson.WriteAnswer(draft, answer.Loinc, answer.Display, [.. answer.Codes.Select(c => (c.System, c.Code, c.Display))], answer.Words)
                : measurement.Values.Length == 2
                ? ObservationJson.WriteBloodPressure(draft, first.Value, measurement.Values[1].Value)
                : ObservationJson.Write(draft, new MeasuredQuantity(first.Quantity.Loinc, first.Quantity.Name, first.Quantity.Unit, first.Quantity.Ucum, first.Quantity.ObservationCategory == "laboratory"), first.Value);
            prepared.Add(filing.Prepare(json, $"urn:uuid:{id}-{index}", "portal"));
        }

        return await room.CommitAsync((writer, _) =>
        {
            writer.Topics = Topics.Timeline;
            var entries = new List<TimelineEntry>();
            var written = new List<string>();
            foreach (var p in prepared)
            {
                var row = CareStore.FindEntry(writer.Session, p.Resource.Type, p.Resource.Id);
                if (row is null)
                {
                    writer.RequireWrite(p.Resource.Category);
                    CareStore.Insert(writer.Session, p.Resource, room.Patient, null, room.Now);
                    row = filing.PutEntry(writer.Session, room.Patient, p, 1, writer.NextCursor, room.Now, null, room.Actor.Person)!;
                    written.Add($"Observation/{p.Resource.Id}/_history/1");
                }

                entries.Add(TimelineEntry.From(row, room.Actor.Person));
            }

            writer.RecordWritten(written);
            return ValueTask.FromResult(new Result(entries, entries[^1].Cursor));
        }, ct);
    }
}
