using CareTeamPortal.Platform.Data;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// Carries <see cref="NodeTalk"/> over RabbitMQ (<c>ConnectionStrings:Broker</c>): one fanout exchange, a queue of its own for each node that goes with it. A wake-up only: nothing here is
/// durable, nobody waits for it, and without it the database is looked at more often. A broker that is away at the start or later is asked again until it answers.
/// </summary>
internal sealed partial class BrokerWire(NodeTalk talk, BrokerState state, BrokerAddress address, TimeProvider clock, ILogger<BrokerWire> log) : BackgroundService
{
    private const string Exchange = "careteam.live";
    private static readonly TimeSpan SayAgainEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TalkAsync(() => (pause, told) = (FirstPause, false), stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // Once per outage, and by its type alone: the address may hold a password, and so may what the client says about it.
                if (state.IsConnected)
                    Lost(log, fault.GetType().Name);
                else if (!told)
                    Away(log, fault.GetType().Name);
                told = true;
            }
            finally
            {
                state.IsConnected = false;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Connects, and tells and hears until the connection ends.</summary>
    private async Task TalkAsync(Action connected, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = address.Uri, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false, RequestedHeartbeat = TimeSpan.FromSeconds(10), ClientProvidedName = "CareTeamPortal " + talk.Node };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct); // outlives the connection, which cancels it when it ends
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        connection.ConnectionShutdownAsync += (_, _) => ended.CancelAsync();
        channel.ChannelShutdownAsync += (_, _) => ended.CancelAsync();

        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: false, autoDelete: false, cancellationToken: ct);
        // What a node that hangs does not take is thrown away, the oldest first: the newest says the same.
        var queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, new Dictionary<string, object?> { ["x-max-length"] = 10_000 }, cancellationToken: ct);
        await channel.QueueBindAsync(queue.QueueName, Exchange, "", cancellationToken: ct);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, arrived) =>
        {
            if (NodeMessage.Read(arrived.Body.Span) is { } message)
                talk.Hear(message);
            else
                NotUnderstood(log);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, ct);
        state.IsConnected = true;
        connected();
        Connected(log);

        await using var again = clock.CreateTimer(_ => talk.SayAgain(), null, TimeSpan.Zero, SayAgainEvery);
        try
        {
            while (true)
            {
                await talk.WaitAsync(ended.Token);
                if (talk.Take() is { } message)
                    await channel.BasicPublishAsync(Exchange, "", message.Write(), ended.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BrokerUnreachableException(new IOException("The broker closed the connection."));
        }
    }

    [LoggerMessage(LogLevel.Information, "The broker wakes the other nodes.")]
    private static partial void Connected(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The connection to the broker ended ({Fault}); until it is back other nodes are heard of by looking in the database.")]
    private static partial void Lost(ILogger logger, string fault);

    [LoggerMessage(LogLevel.Warning, "The broker (ConnectionStrings:Broker) does not answer ({Fault}); other nodes are heard of by looking in the database, and it is asked again.")]
    private static partial void Away(ILogger logger, string fault);

    [LoggerMessage(LogLevel.Warning, "A message on the broker is not of this version of the portal; it was left.")]
    private static partial void NotUnderstood(ILogger logger);
}

/// <summary>Where the broker is: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps</c>.</summary>
internal sealed record BrokerAddress(Uri Uri)
{
    /// <summary>Reads <c>ConnectionStrings:Broker</c>; null when it is empty: this node is alone, or others are heard of by looking in the database.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is no such address.</exception>
    public static BrokerAddress? From(IConfiguration configuration) => configuration.GetConnectionString("Broker") switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0 => new(new Uri(text)),
        // The text itself stays out of the message: it may hold a password.
        _ => throw new Microsoft.Extensions.Options.OptionsValidationException("ConnectionStrings:Broker", typeof(string), ["ConnectionStrings:Broker is not the address of a broker; it looks like: amqp://user:password@host:5672/"]),
    };
}

/// <summary>Whether the broker answers now.</summary>
internal sealed class BrokerState
{
    private volatile bool _isConnected;

    public bool IsConnected
    {
        get => _isConnected;
        set => _isConnected = value;
    }
}
