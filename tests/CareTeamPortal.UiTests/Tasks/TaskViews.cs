using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.UiTests.Tasks;

/// <summary>Tasks as lists show them, for components.</summary>
internal static class TaskViews
{
    public static readonly PersonId Sofie = new("sofie.maes");
    public static readonly PersonId Karel = new("karel.janssens");

    /// <summary>A task that Sofie took on.</summary>
    public static TaskView Mine(string title, DateTime? due, DateTime now) => new(
        new PatientId("maria-verhoeven"), "Maria Verhoeven", "t-" + title, 2, title, TaskState.Ready, TaskPriority.Routine, false, null, null, "dr. Karel Janssens", CareLine.First, OwnerKind.Person, Sofie, "Sofie Maes", CareLine.First, null, null,
        Sofie, "Sofie Maes", AccountableAs.Owner, now.AddDays(-1), due, null, now.AddHours(-2), null, due < now, true, false, 0, 0, false, null, false);

    /// <summary>A task that Karel asks of Sofie.</summary>
    public static TaskView Asked(string title, DateTime? due, DateTime now) =>
        Mine(title, due, now) with { State = TaskState.Requested, AcceptedAt = null, AccountableId = Karel, Accountable = "dr. Karel Janssens", AccountableAs = AccountableAs.Requester, MayTake = true, AcceptBy = now.AddHours(24) };
}
