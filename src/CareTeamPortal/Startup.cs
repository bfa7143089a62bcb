using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Hosting;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal;

/// <summary>What happens before the first request: the schema, the shared keys, the people.</summary>
internal static partial class Startup
{
    /// <summary>Brings the database up to date and loads what is held in memory.</summary>
    /// <param name="migrate">False where the schema is brought up to date in a step of its own: then it has to be.</param>
    public static async Task PrepareDataAsync(IServiceProvider services, CancellationToken ct, bool migrate = true)
    {
        var database = services.GetRequiredService<CareDatabase>();
        if (migrate)
            await database.MigrateAsync(ct);
        else
            await RequireSchemaAsync(database, ct);
        // Nodes that start at the same moment on one database: each finds what the one before it put there.
        await using var alone = await database.AloneAsync("start", ct);
        await services.GetRequiredService<CursorCodec>().LoadAsync(ct);
        await services.GetRequiredService<SeedRules>().RunAsync(ct);
        await services.GetRequiredService<SeedTemplates>().RunAsync(ct);
        await services.GetRequiredService<SeedQuestionnaires>().RunAsync(ct);
        await services.GetRequiredService<PeopleDirectory>().RefreshAsync(ct);
        await services.GetRequiredService<KeepTaskRows>().RunAsync(ct);
        await services.GetRequiredService<SettleRules>().AtTheStartAsync(ct);
    }

    private static async Task RequireSchemaAsync(CareDatabase database, CancellationToken ct)
    {
        const string advice = "Run the verb migrate first, or set Database:MigrateAtStart to true.";
        if (database is SqliteCareDatabase { File: var file } && !File.Exists(file))
            throw new InvalidOperationException($"There is no database {file}. {advice}");
        using var session = await database.RentAsync(ct);
        if (database.ContextType is { } type && SchemaState.Of(session, type) is { } fault)
            throw new InvalidOperationException($"The database is not ready for this program: {fault}. {advice}");
    }

    /// <summary>All of that, and in Demo mode the demo people; refuses Demo mode on an address that others reach.</summary>
    public static async Task PrepareAsync(WebApplication app, SignInMode mode, CancellationToken ct)
    {
        app.Services.GetService<Microsoft.Extensions.Options.IStartupValidator>()?.Validate();
        Proxies.RefusePublicDemo(app, mode);
        await PrepareDataAsync(app.Services, ct, app.Configuration.GetValue("Database:MigrateAtStart", true));
        var database = app.Services.GetRequiredService<CareDatabase>();
        app.Services.GetRequiredService<Drain>().Writes = () => database.Traffic.UnderWay;
        app.Services.GetRequiredService<PortalMetrics>().Follow(database);
        if (mode != SignInMode.Demo)
            return;
        await using var alone = await database.AloneAsync("start", ct);
        await app.Services.GetRequiredService<PeopleDirectory>().RefreshAsync(ct);
        var demo = app.Services.GetRequiredService<LoadDemo>();
        await demo.PeopleAsync(ct);
        if (app.Configuration.GetValue("Demo:Load", true))
            await demo.PatientsAsync(again: false, ct);
    }

    /// <summary>True once the program listens.</summary>
    public static bool HasStarted { get; private set; }

    /// <summary>Tells whoever started the program where it is and how to get in.</summary>
    public static void Announce(WebApplication app, SignInMode mode) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        HasStarted = true;
        if (string.Equals(app.Configuration["Logging:Console:FormatterName"], "json", StringComparison.OrdinalIgnoreCase))
        {
            Listens(app.Logger, string.Join(", ", app.Urls), mode); // each line of the output is to be JSON
            return;
        }

        Console.WriteLine($"CareTeamPortal listens on {string.Join(", ", app.Urls)}");
        Console.WriteLine(mode == SignInMode.Demo
            ? "Demo mode: open that address and choose a fictional person to sign in as. Press Ctrl+C to stop."
            : "Sign-in goes through your OpenID Connect provider. Press Ctrl+C to stop.");
    });

    [LoggerMessage(LogLevel.Information, "CareTeamPortal listens on {Addresses}; sign-in: {Mode}.")]
    private static partial void Listens(ILogger logger, string addresses, SignInMode mode);

    /// <summary>What an operator has to read when the program cannot start: one line. Null for a fault of the program itself, which needs its stack trace.</summary>
    public static string? LineOf(Exception fault) => fault switch
    {
        Microsoft.Extensions.Options.OptionsValidationException or InvalidOperationException { Source: "CareTeamPortal" } => fault.Message,
        IOException or UnauthorizedAccessException or System.Data.Common.DbException => fault.Message,
        _ => null,
    };
}

/// <summary>The verbs of the program: what stands after <c>--</c> on the command line.</summary>
internal static class Verbs
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "import", "migrate", "verify-audit", "backup", "restore", "demo" };

    /// <summary>Tells a verb and its arguments from settings (<c>--Section:Key value</c>).</summary>
    public static (string? Verb, IReadOnlyList<string> Arguments, string[] Settings) Split(string[] args)
    {
        var at = Array.FindIndex(args, Known.Contains);
        if (at < 0)
            return (StrayWord(args), [], args);
        var own = new List<string>();
        var settings = new List<string>(args[..at]);
        for (var i = at + 1; i < args.Length; i++)
        {
            // A setting has a colon in its key, or is one of the two keys without one.
            if (args[i].StartsWith("--", StringComparison.Ordinal) && (args[i].Contains(':', StringComparison.Ordinal) || args[i].StartsWith("--environment", StringComparison.OrdinalIgnoreCase) || args[i].StartsWith("--urls", StringComparison.OrdinalIgnoreCase)))
            {
                settings.Add(args[i]);
                if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length)
                    settings.Add(args[++i]);
            }
            else
            {
                own.Add(args[i]);
            }
        }

        return (args[at], own, [.. settings]);
    }

    /// <summary>A word that is neither a setting nor the value of one: somebody meant a verb.</summary>
    private static string? StrayWord(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Contains('=', StringComparison.Ordinal))
                continue;
            if (!args[i].StartsWith('-') && !args[i].StartsWith('/'))
                return args[i];
            i++; // its value
        }

        return null;
    }

    /// <summary>Runs a verb; 0 or, after one clear line, 1.</summary>
    public static async Task<int> RunAsync(WebApplication app, string verb, IReadOnlyList<string> arguments, string callersFolder, SignInMode mode)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        if (!Known.Contains(verb))
        {
            await Console.Error.WriteLineAsync($"There is no verb {verb}. The verbs are {string.Join(", ", Known.Order(StringComparer.Ordinal))}; without one the portal starts.");
            return 1;
        }

        var database = app.Services.GetRequiredService<CareDatabase>();
        (database as SqliteCareDatabase)?.KeepLittle();
        try
        {
            switch (verb)
            {
                case "backup" or "restore" when arguments.Count != 1:
                    await Console.Error.WriteLineAsync($"{verb}: usage: {verb} FILE");
                    return 1;
                case "backup":
                    await database.BackupAsync(Path.GetFullPath(arguments[0], callersFolder), stop.Token);
                    Console.WriteLine($"Backup written to {arguments[0]}.");
                    return 0;
                case "restore":
                    await database.RestoreAsync(Path.GetFullPath(arguments[0], callersFolder), stop.Token);
                    Console.WriteLine($"Restored from {arguments[0]}.");
                    return 0;
            }

            await Startup.PrepareDataAsync(app.Services, stop.Token);
            switch (verb)
            {
                case "verify-audit":
                    return await app.Services.GetRequiredService<VerifyAudit>().PrintAsync(Console.Out, Console.Error, stop.Token);
                case "migrate":
                    Console.WriteLine("The database is up to date.");
                    return 0;
                case "import":
                    if (mode == SignInMode.Demo)
                        await app.Services.GetRequiredService<LoadDemo>().PeopleAsync(stop.Token);
                    return await ImportVerb.RunAsync(app.Services, arguments, callersFolder, mode, stop.Token);
                default:
                    return await DemoVerb.RunAsync(app.Services, mode, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{verb}: stopped; what was reported as stored is stored.");
            return 1;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or InvalidOperationException or System.Data.Common.DbException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{verb}: {fault.Message}");
            return 1;
        }
        finally
        {
            await database.DisposeAsync();
        }
    }
}
