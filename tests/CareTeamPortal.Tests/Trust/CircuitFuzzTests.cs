using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Packed = CareTeamPortal.Benchmarks.Clients.MessagePack;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// Whatever a circuit says, the server and everybody else's circuits go on. Three seconds, or <c>CARETEAM_FUZZ_SECONDS</c>; the seed is printed.
/// </summary>
public sealed class CircuitFuzzTests(TrustWorld world, ITestOutputHelper output) : IClassFixture<TrustWorld>
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("CARETEAM_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3);

    private static readonly string[] Targets =
    [
        "StartCircuit", "UpdateRootComponents", "ConnectCircuit", "PauseCircuit", "ResumeCircuit", "BeginInvokeDotNetFromJS", "BeginInvokeDotNetFromJS", "BeginInvokeDotNetFromJS", "EndInvokeJSFromDotNet", "ReceiveByteArray", "ReceiveJSDataChunk", "SendDotNetStreamToJS",
        "OnRenderCompleted", "OnLocationChanged", "OnLocationChanging", "Nothing", "", "\u202e",
    ];

    private static readonly string[] Methods = ["DispatchEventAsync", "AddRootComponent", "SetRootComponentParameters", "RemoveRootComponent", "NearEndAsync", "NotifyLocationChanged", "Dispose", "ToString", "", "x"];

    private static readonly string[] Texts =
    [
        "", "null", "[]", "{}", "[null]", "[0]", "[{}]", "true", "1", "\"", "[[[[", "http://localhost/", "http://localhost/patients/maria-verhoeven", "http://ergens/anders", "javascript:alert(1)", "//", "/patients", "System.Private.CoreLib", "CareTeamPortal", "\u0000", "\ud83d\ude42", new('a', 5_000),
        "[{\"eventHandlerId\":1,\"eventName\":\"click\",\"eventFieldInfo\":null},{\"type\":\"click\"}]", "[{\"eventHandlerId\":18446744073709551615,\"eventName\":\"x\"},{}]", "[{\"eventHandlerId\":3,\"eventName\":\"change\",\"eventFieldInfo\":{\"componentId\":1,\"fieldValue\":[1]}},{\"value\":{}}]",
        "[{\"eventHandlerId\":2,\"eventName\":\"rowact\"},{\"act\":\"reply\",\"key\":\"Communication-x\"}]", "[9,true,null]", "[1,true,{\"__jsObjectId\":1}]", "[-1,false,\"fout\"]", "[1,true,", "{\"batchId\":2,\"operations\":[{\"type\":\"remove\",\"ssrComponentId\":1}]}", "{\"batchId\":-1,\"operations\":null}",
    ];

    [Fact]
    public async Task A_hostile_circuit_ends_itself_and_nobody_else()
    {
        var dice = new Dice(output);
        using var logs = new Kept();
        world.Portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var bystander = await CircuitTalk.OpenAsync(world.Portal, "sofie.maes", "/patients/maria-verhoeven", limit.Token);
        var (said, circuits) = (0, 0);
        var end = Environment.TickCount64 + (long)Lasts.TotalMilliseconds;
        while (Environment.TickCount64 < end || circuits == 0)
        {
            await using var hostile = await CircuitTalk.OpenAsync(world.Portal, dice.Of(["karel.janssens", "an.desmedt", "maria.verhoeven"]), dice.Of(["/patients/maria-verhoeven", "/", "/patients", "/worklist"]), limit.Token);
            circuits++;
            for (var n = 0; n < 60 && hostile.IsOpen && Environment.TickCount64 < end + 2_000; n++, said++)
                await hostile.SendAsync(Message(dice, hostile.Objects));
        }

        output.WriteLine($"{said} messages on {circuits} circuits; {logs.Lines.Count} faults were logged");
        foreach (var (level, category, text) in logs.Lines.Take(20))
            output.WriteLine($"{level} {category}: {text}");
        Assert.DoesNotContain(logs.Lines, l => l.Level == LogLevel.Critical);
        // What the framework says about a circuit that it ended is its own; no line of ours failed.
        Assert.DoesNotContain(logs.Lines, l => l.Category.StartsWith("CareTeamPortal", StringComparison.Ordinal));

        // Who had a page open has it still: a note of somebody else is drawn there.
        Assert.True(bystander.IsOpen);
        bystander.Forget();
        var karel = world.Portal.Services.GetRequiredService<Platform.SignIn.PeopleDirectory>().ActorFor(new PersonId("karel.janssens"))!;
        await world.Portal.Services.GetRequiredService<AddNote>().RunAsync(karel, TrustWorld.Own, new() { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = "na het onweer" }, CancellationToken.None);
        Assert.True(await bystander.DrawsAsync(TimeSpan.FromSeconds(20)));
        using var alive = await world.Portal.CreateClient().GetAsync("/health/ready");
        Assert.True(alive.IsSuccessStatusCode);
        await using var next = await CircuitTalk.OpenAsync(world.Portal, "karel.janssens", "/patients/maria-verhoeven", limit.Token);
        Assert.True(next.IsOpen);
    }

    private static byte[] Message(Dice dice, List<long> objects)
    {
        string Text() => dice.Of(Texts);
        object? Value() => dice.Next(5) switch { 0 => null, 1 => dice.OneIn(2), 2 => dice.Of(new[] { 0L, 1, 2, -1, long.MaxValue, int.MaxValue, dice.Next(50) }), _ => Text() };
        long Object() => objects.Count > 0 && !dice.OneIn(4) ? dice.Of(objects) : dice.Next(20);
        var bytes = dice.Next(6) switch
        {
            // As the browser would call it, with anything in it.
            0 or 1 => Packed.Invocation(null, "BeginInvokeDotNetFromJS", dice.OneIn(3) ? Text() : "1", dice.OneIn(2) ? null : Text(), dice.Of(Methods), Object(), Text()),
            2 => Packed.Invocation(null, "OnLocationChanged", Text(), dice.OneIn(2) ? null : Text(), dice.OneIn(2)),
            3 => Packed.Invocation(dice.OneIn(2) ? "7" : null, dice.Of(Targets), [.. Enumerable.Range(0, dice.Next(6)).Select(_ => Value())]),
            4 => [.. Enumerable.Range(0, dice.Next(80)).Select(_ => (byte)dice.Next(256))],
            _ => Packed.Invocation(null, "OnRenderCompleted", (long)dice.Next(1_000), dice.OneIn(3) ? Text() : null),
        };
        if (bytes.Length > 2 && dice.OneIn(6))
            bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        return bytes.Length > 2 && dice.OneIn(10) ? bytes[..dice.Next(bytes.Length)] : bytes;
    }

    /// <summary>Keeps what is logged as a fault.</summary>
    private sealed class Kept : ILoggerProvider
    {
        public ConcurrentQueue<(LogLevel Level, string Category, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Keeper(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Keeper(string category, ConcurrentQueue<(LogLevel, string, string)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                    lines.Enqueue((logLevel, category, $"{formatter(state, exception)} {exception?.GetType().Name} {exception?.Message} {exception?.StackTrace?.Split((char)10)[0]}"));
            }
        }
    }
}
