using Bunit;
using CareTeamPortal.Platform.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests;

/// <summary>A component test with the services that the shell registers.</summary>
public abstract class UiContext : BunitContext
{
    protected UiContext()
    {
        System.Globalization.CultureInfo.CurrentCulture = Platform.Time.BelgianTime.Culture;
        Services.AddLocalization();
        Services.AddScoped<Toasts>();
        Services.AddScoped<Features.Tasks.TaskWindow>();
        Services.AddSingleton(TimeProvider.System);
        JSInterop.Mode = JSRuntimeMode.Loose;
    }
}
