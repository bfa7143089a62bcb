using System.Data.Common;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What the pages of templates have in common: they do one thing at a time, say in words why it was not done, and end with the page.</summary>
public abstract class TemplatePart : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    // The token is kept: what is under way when the page goes still asks for it afterwards.
    protected TemplatePart() => Gone = _gone.Token;

    [Inject] internal IStringLocalizer<TemplateText> T { get; set; } = default!;
    [Inject] internal CurrentActor Current { get; set; } = default!;
    [Inject] internal NavigationManager Nav { get; set; } = default!;
    [Inject] internal ILoggerFactory Logs { get; set; } = default!;

    /// <summary>Ends when the component goes.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Why the last thing was not done; null when it was.</summary>
    private protected string? Problem { get; set; }

    /// <summary>Something is under way; a second press waits for nothing.</summary>
    private protected bool IsBusy { get; private set; }

    /// <summary>It could not be read; nothing is lost.</summary>
    private protected bool HasFailed { get; private set; }

    /// <summary>Reads; that it could not be read is told on the page.</summary>
    private protected async Task ReadAsync(Func<Actor, Task> read)
    {
        HasFailed = false;
        try
        {
            await read(await Current.RequireAsync());
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            TemplatesLog.ReadFailed(Logs.CreateLogger(GetType()), fault);
            HasFailed = true;
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Does one thing.</summary>
    /// <returns>What came of it; null when something else is under way, or it could not be written: <see cref="Problem"/> says so.</returns>
    private protected async Task<TemplateResult?> DoAsync(Func<Actor, Task<TemplateResult>> step)
    {
        if (IsBusy)
            return null;
        IsBusy = true;
        try
        {
            return await TryAsync(step);
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>The same for what waits for its turn by itself.</summary>
    private protected async Task<TemplateResult?> TryAsync(Func<Actor, Task<TemplateResult>> step)
    {
        Problem = null;
        try
        {
            var result = await step(await Current.RequireAsync());
            Problem = result is TemplateResult.Done ? null : Why(result).Value;
            return result;
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            TemplatesLog.StepFailed(Logs.CreateLogger(GetType()), fault);
            Problem = T["Why.Failed"];
            return null;
        }
    }

    private LocalizedString Why(TemplateResult result) => result switch
    {
        TemplateResult.NeedsReason(var most) => T["Why.NeedsReason", most],
        TemplateResult.Stale(var current) => T["Why.Stale", current],
        _ => T[$"Why.{result.GetType().Name}"],
    };

    private static bool IsOutage(Exception fault) => fault is DbException or TimeoutException or IOException;

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
