using System.Globalization;
using System.Resources;

namespace CareTeamPortal.Features.Patients;

/// <summary>Words of the banner outside a component: the names of tabs.</summary>
internal static class BannerWords
{
    private static readonly ResourceManager Words = new(typeof(BannerText));

    /// <summary>The text under <paramref name="key"/>; a missing key is a programming error and throws.</summary>
    public static string Get(string key) => Words.GetString(key, CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException($"BannerText.resx has no '{key}'.");

    /// <summary>Adds a tab to every page of a patient.</summary>
    public static IServiceCollection AddPatientTab(this IServiceCollection services, PatientTab tab) => services.AddSingleton(tab);
}
