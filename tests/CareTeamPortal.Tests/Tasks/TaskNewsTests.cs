using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

public sealed class TaskNewsTests
{
    [Fact]
    public async Task Only_what_concerns_a_task_makes_a_page_read_its_tasks_again()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var watching = ward.Live.Subscribe(ward.Maria);
        var news = ward.Get<TaskNews>();
        var place = new TaskNews.Place();
        Task<bool> MovedAsync() => news.MovedAsync(Who.Sofie.Actor(), ward.Maria, place, CancellationToken.None);

        Assert.True(await MovedAsync()); // the first reading
        await ward.NoteAsync(Who.Karel, ward.Maria, "Rustige nacht.");
        Assert.True(await MovedAsync()); // nothing tells yet what was known before
        await ward.NoteAsync(Who.Karel, ward.Maria, "Rustige dag.");
        Assert.False(await MovedAsync());

        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Pieter));
        Assert.True(await MovedAsync());
        Assert.False(await MovedAsync());
        await ward.MoveAsync(Who.Pieter, task.Id, TaskState.Accepted);
        Assert.True(await MovedAsync());
        for (var i = 0; i < 250; i++)
            await ward.NoteAsync(Who.Nadia, ward.Maria, $"Nota {i}"); // more than one reading holds
        await ward.MoveAsync(Who.Pieter, task.Id, TaskState.InProgress);
        Assert.True(await MovedAsync());
    }

    [Fact]
    public async Task A_limited_viewer_looks_again_each_time_because_what_closes_leaves_no_line()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var watching = ward.Live.Subscribe(ward.Maria);
        var (news, place) = (ward.Get<TaskNews>(), new TaskNews.Place());
        for (var i = 0; i < 3; i++)
        {
            await ward.NoteAsync(Who.Karel, ward.Maria, $"Enkel voor ons {i}", Audience.Professionals);
            Assert.True(await news.MovedAsync(Who.An.Actor(), ward.Maria, place, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Who_left_the_team_is_told_that_there_is_no_such_file()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var watching = ward.Live.Subscribe(ward.Maria);
        var (news, place) = (ward.Get<TaskNews>(), new TaskNews.Place());
        await ward.NoteAsync(Who.Karel, ward.Maria, "Rustige nacht.");
        await news.MovedAsync(Who.Sofie.Actor(), ward.Maria, place, CancellationToken.None);
        ward.Clock.Advance(TimeSpan.FromSeconds(2));
        await ward.RevokeAsync(ward.Maria, Who.Sofie);
        await Assert.ThrowsAsync<PatientNotFound>(() => news.MovedAsync(Who.Sofie.Actor(), ward.Maria, place, CancellationToken.None));
    }
}
