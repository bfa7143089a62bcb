using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Pathways as the form of the page starts them.</summary>
internal static class PathwayWorld
{
    public const string HeartFailure = "hartfalen-na-ontslag";

    /// <summary>The form as it is proposed; who has no proposal is dr. Janssens.</summary>
    public static async Task<StartPathway.Request> FormAsync(Ward ward, PersonRow who, string template = HeartFailure, PatientId? patient = null)
    {
        var read = await ward.RunAsync(ward.Get<ReadStart>(), who, patient ?? ward.Maria, new(template));
        Assert.True(read.MayStart);
        return new() { Id = Guid.NewGuid().ToString(), Template = template, TemplateVersion = read.Template!.Version, StartsOn = BelgianTime.DayOf(ward.Clock.Utc), Roles = read.Template.Roles.ToDictionary(r => r.Id, r => read.Roles.GetValueOrDefault(r.Id) ?? TaskParty.Of(Who.Karel)) };
    }

    public static async Task<string> StartAsync(Ward ward, PersonRow who, string template = HeartFailure, PatientId? patient = null) =>
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), who, patient ?? ward.Maria, await FormAsync(ward, who, template, patient))).Id;
}
