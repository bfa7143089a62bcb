using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.MyDay;

/// <summary>What somebody at home saw, as the page sends it.</summary>
/// <param name="Id">Chosen by the page when the report was begun: sending it twice writes it once.</param>
/// <param name="Called">The person was told to call 112 and says that they did, or that it is not needed.</param>
/// <param name="Tell">Who is accountable now; finds the report under what names them.</param>
public sealed record SeenAtHome(string Id, string Title, string Text, bool Called, PersonId? Tell);

/// <summary>What became of a report.</summary>
public enum ReportOutcome
{
    Written,

    /// <summary>Nothing was written: the words speak of danger to life, and nobody said yet that 112 knows.</summary>
    CallFirst,
    NotWritten,
}

/// <summary>What somebody at home saw becomes a note that the team reads, in their own words and under their own name. Danger to life is not queued: 112 comes first.</summary>
internal sealed class ReportObservation(AddNote add)
{
    /// <exception cref="PatientNotFound">There is no such file, or it is not open to this actor.</exception>
    /// <exception cref="ActionRefused">The rules do not let this role write notes.</exception>
    public async Task<ReportOutcome> RunAsync(Actor actor, PatientId patient, SeenAtHome request, CancellationToken ct)
    {
        if (!request.Called && UrgentWords.Stand(request.Text))
            return ReportOutcome.CallFirst;
        var written = await add.RunAsync(actor, patient, new AddNote.Request { Id = request.Id, Kind = EntryKind.Note, Title = request.Title, Text = request.Text, Mentions = request.Tell is { } tell ? [tell] : [] }, ct);
        return written is AddNote.Written ? ReportOutcome.Written : ReportOutcome.NotWritten;
    }
}
