using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>Keeps the questionnaires that come with the program in the store, where programs read and search them; a newer file is a new version.</summary>
internal sealed class SeedQuestionnaires(CareDesk desk, Filing filing)
{
    private const string KeptBy = "questionnaires-kept-by";

    /// <summary>Keeps them all. What this very program has kept here before, it need not read at every start.</summary>
    public Task RunAsync(CancellationToken ct) => OwnFiles.KeepAsync(desk, KeptBy, async () =>
    {
        foreach (var (_, json) in Questionnaires.Files())
        {
            var resource = filing.Prepare(json, null, "portal").Resource;
            await desk.KeepOwnAsync(Actor.Portal, (session, _, now) =>
            {
                if (CareStore.Find(session, "Questionnaire", resource.Id) is not { } stored)
                {
                    CareStore.Insert(session, resource, null, null, now);
                    return true;
                }

                // What the portal asks stands in the program: whatever took its place is an older version.
                return !CareStore.HadContent(session, "Questionnaire", resource.Id, resource.Hash) && CareStore.Replace(session, stored, resource, null, null, now);
            }, ct);
        }
    }, ct);
}
