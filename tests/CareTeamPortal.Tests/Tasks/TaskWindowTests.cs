using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Tests.Tasks;

public sealed class TaskWindowTests
{
    [Fact]
    public async Task A_task_that_is_opened_by_its_address_waits_until_something_can_show_it()
    {
        var window = new TaskWindow();
        await window.OpenAsync(new PatientId("maria"), "taak");
        Assert.Equal((new PatientId("maria"), "taak"), window.TakeEarly());
        Assert.Null(window.TakeEarly());
    }
}
