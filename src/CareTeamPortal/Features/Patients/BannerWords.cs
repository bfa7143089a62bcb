using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Patients;

/// <summary>Words of the banner outside a component: the names of tabs.</summary>
internal static class BannerWords
{
    private static readonly Words Words = new(typeof(BannerText));

    /// <summary>The text under <paramref name="key"/>.</summary>
    public static string Get(string key) => Words.Get(key);

    /// <summary>Adds a tab to every page of a patient.</summary>
    public static IServiceCollection AddPatientTab(this IServiceCollection services, PatientTab tab) => services.AddSingleton(tab);
}
