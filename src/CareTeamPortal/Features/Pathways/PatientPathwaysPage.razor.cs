using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What a dialog about a pathway asks.</summary>
public enum PathwayAsk
{
    Move,
    Deviate,
    Add,

    /// <summary>Somebody else for a step that was refused.</summary>
    Again,
    End,
    Version,
}

/// <summary>The pathways of one patient: one with its phases, or all that run on one axis. Live: what is finished elsewhere shows here at once.</summary>
public sealed partial class PatientPathwaysPage
{
    private PathwaysView? _read;
    private MeasuringView? _measuring;
    private PathwayView? _shown;
    private PathwayAsk? _ask;
    private StepView? _step;

    /// <summary>The pathway that is shown; <c>all</c>: those that run, together.</summary>
    [SupplyParameterFromQuery(Name = "path")] public string? Path { get; set; }

    [Inject] private ReadPathways Read { get; set; } = default!;
    [Inject] private ReadMeasuring ReadMeasuring { get; set; } = default!;
    [Inject] private TellStep Tell { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private bool Together => Path == "all" && _read?.Pathways.Count(p => p.Pathway.IsActive) > 1;

    private string StartHref => $"/patients/{Id}/pathways/start";

    /// <inheritdoc/>
    private protected override void Forget() => (_read, _measuring, _shown, _ask, _step) = (null, null, null, null, null);

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        _read = await Read.RunAsync(Me!, File, new(), ct);
        _measuring = _read.Pathways.Count == 0 ? null : await ReadMeasuring.RunAsync(Me!, File, new(), ct);
        Choose();
    }

    /// <inheritdoc/>
    private protected override Task OnAddressAsync()
    {
        Choose();
        return Task.CompletedTask;
    }

    private void Choose() => _shown = _read?.Pathways.FirstOrDefault(p => p.Pathway.Id == Path) ?? _read?.Pathways.FirstOrDefault();

    private void Ask(PathwayAsk ask, StepView? step = null) => (_ask, _step) = (ask, step);

    private async Task AskedAsync(string? told)
    {
        (_ask, _step) = (null, null);
        if (told is null)
            return;
        Toasts.Show(told);
        await LoadAsync();
    }

    private async Task TellAsync(StepView step)
    {
        try
        {
            var outcome = await Tell.RunAsync(Me!, File, new(step.Pathway, _shown!.Pathway.Version, step.Step.Id), Gone);
            Toasts.Show(outcome == PathwayOutcome.Done ? T["Told.Done"] : T[$"Outcome.{outcome}"]);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            Toasts.Show(T["Refused"]);
        }
        catch (System.Data.Common.DbException fault)
        {
            NotKept(fault);
            Toasts.Show(T["Page.FailedMore"]);
        }

        await LoadAsync();
    }

    private string Started(PathwayView view)
    {
        var p = view.Pathway;
        var day = BelgianTime.Day(BelgianTime.DayOf(p.StartedAt), BelgianTime.DayOf(Now));
        return T[p.Deviations.Count switch { 0 => "Started", 1 => "Started.One", _ => "Started.Many" }, p.TemplateVersion, day, p.Lead.Display ?? "", p.Deviations.Count];
    }

    private string Say(PathwayConflict conflict) => conflict.Quantity is not null ? T[conflict.IsTarget ? "Conflict.Targets" : "Conflict.Limits", conflict.What, conflict.First, conflict.Second]
        : T[conflict.First.Length == 0 || conflict.Second.Length == 0 ? "Conflict.Task.Other" : "Conflict.Task", conflict.What, conflict.First.Length > 0 ? conflict.First : conflict.Second, conflict.Second, BelgianTime.Day(BelgianTime.DayOf(conflict.At!.Value), BelgianTime.DayOf(Now))];
}

/// <summary>What the pages of pathways log: ids only.</summary>
internal static partial class PathwaysLog
{
    [LoggerMessage(LogLevel.Error, "Pathways could not be read")]
    public static partial void NotRead(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "A pathway could not be written")]
    public static partial void NotWritten(ILogger logger, Exception fault);
}
