using Microsoft.AspNetCore.Diagnostics;
using System.Globalization;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Registration of the shell and of what features hang into it.</summary>
public static class PortalUi
{
    public static WebApplicationBuilder AddPortalUi(this WebApplicationBuilder builder)
    {
        // The portal speaks Belgian Dutch, whatever the machine that it runs on speaks: decimal comma, weeks from Monday.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = BelgianTime.Culture;
        builder.Services.AddLocalization();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<Toasts>();
        return builder;
    }

    /// <summary>People who follow a dead link get a page; programs get the bare status.</summary>
    public static IApplicationBuilder UsePortalNotFound(this IApplicationBuilder app)
    {
        // Not inside UseWhen: a branch has no routing of its own, and the second run would find no page.
        app.UseStatusCodePagesWithReExecute("/not-found");
        return app.Use((context, next) =>
        {
            var forPeople = HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.Any(a => a?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
            if (!forPeople && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            return next(context);
        });
    }

    /// <summary>Adds an entry to the main menu.</summary>
    public static IServiceCollection AddNavEntry(this IServiceCollection services, NavEntry entry) => services.AddSingleton(entry);

    /// <summary>Adds one place that is called differently by who opens it.</summary>
    public static IServiceCollection AddNavEntries(this IServiceCollection services, IEnumerable<NavEntry> entries) => entries.Aggregate(services, AddNavEntry);

    /// <summary>Adds a component to the top bar of every page, or under its content.</summary>
    public static IServiceCollection AddShellPart<T>(this IServiceCollection services, int order, bool below = false)
        where T : Microsoft.AspNetCore.Components.IComponent => services.AddSingleton(new ShellPart(typeof(T), order, below));

    /// <summary>Adds a line to the menu of the person.</summary>
    public static IServiceCollection AddMeEntry(this IServiceCollection services, MeEntry entry) => services.AddSingleton(entry);

    /// <summary>Adds a source of the command palette.</summary>
    public static IServiceCollection AddPaletteSource<T>(this IServiceCollection services)
        where T : class, IPaletteSource => services.AddScoped<IPaletteSource, T>();
}
