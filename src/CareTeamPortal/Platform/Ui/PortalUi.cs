namespace CareTeamPortal.Platform.Ui;

/// <summary>Registration of the shell and of what features hang into it.</summary>
public static class PortalUi
{
    public static WebApplicationBuilder AddPortalUi(this WebApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<Toasts>();
        return builder;
    }

    /// <summary>Adds an entry to the main menu.</summary>
    public static IServiceCollection AddNavEntry(this IServiceCollection services, NavEntry entry) => services.AddSingleton(entry);

    /// <summary>Adds a source of the command palette.</summary>
    public static IServiceCollection AddPaletteSource<T>(this IServiceCollection services)
        where T : class, IPaletteSource => services.AddScoped<IPaletteSource, T>();
}
