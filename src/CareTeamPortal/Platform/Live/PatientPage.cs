using System.Data.Common;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// A page about one patient: takes the id of the address, follows the file, reads, reads again on each wake-up, and closes like a file that does not exist when the
/// right to see it is not there or ends.
/// </summary>
public abstract partial class PatientPage : LiveComponent
{
    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>The patient of the page; null while the address names none.</summary>
    private protected PatientId? Patient { get; private set; }

    /// <summary>Who looks.</summary>
    private protected Actor? Me { get; private set; }

    /// <summary>The patient's name, when the header has read it.</summary>
    private protected string? Name { get; set; }

    /// <summary>There is no such file for this person.</summary>
    private protected bool IsClosed { get; set; }

    /// <summary>It could not be read; nothing is lost.</summary>
    private protected bool HasFailed { get; private set; }

    private protected DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private protected PatientId File => Patient!.Value;

    /// <summary>What wakes the page.</summary>
    private protected virtual Topics Wakes => Topics.All;

    /// <summary>Another patient: lets go of all that was read.</summary>
    private protected abstract void Forget();

    /// <summary>Reads what the page shows.</summary>
    /// <exception cref="PatientNotFound">The file is not open to this person.</exception>
    private protected abstract Task ReadAsync(CancellationToken ct);

    /// <summary>The address says something else beside the patient.</summary>
    private protected virtual Task OnAddressAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task OnParametersSetAsync()
    {
        if (PatientId.TryParse(Id) is not { } patient)
        {
            Patient = null;
            Close();
            return;
        }

        if (patient != Patient)
        {
            (Patient, Name, IsClosed) = (patient, null, false);
            Forget();
            Me = await Current.RequireAsync();
            Follow(patient, Wakes);
            await LoadAsync();
        }

        if (!IsClosed)
            await OnAddressAsync();
    }

    /// <summary>Reads from the start, again after a failure, or again after something was done: never throws for a file that is not open or a database that is not there.</summary>
    private protected async Task LoadAsync()
    {
        HasFailed = false;
        try
        {
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            Close();
        }
        catch (DbException fault)
        {
            NotRead(Logs.CreateLogger(GetType()), fault);
            HasFailed = true;
            LookAgain();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (Patient is null)
            return; // the address named another file meanwhile, or none
        if (await ReadAgainAsync(ct))
            StateHasChanged();
    }

    /// <summary>Reads on a wake-up.</summary>
    /// <returns>Whether there is something to draw.</returns>
    private protected virtual async Task<bool> ReadAgainAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        HasFailed = false;
        return true;
    }

    /// <inheritdoc/>
    protected override Task OnUnreadAsync()
    {
        HasFailed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    /// <summary>What is asked of this page could not be written: an id in the log, words are the page's.</summary>
    private protected void NotKept(DbException fault) => NotWritten(Logs.CreateLogger(GetType()), fault);

    /// <summary>The file is not open to this person (any more): nothing of it stays in memory.</summary>
    private protected void Close()
    {
        IsClosed = true;
        Forget();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        Close();
        StateHasChanged();
        return Task.CompletedTask;
    }

    [LoggerMessage(4102, LogLevel.Warning, "What was asked on a page of a patient could not be written.")]
    private static partial void NotWritten(ILogger log, Exception fault);
}
