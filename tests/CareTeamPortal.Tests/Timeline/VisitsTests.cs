using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Timeline;

public sealed class VisitsTests
{
    private static Task<BeginVisit.Visit> Visit(Ward ward, PersonRow who) => ward.RunAsync(ward.Get<BeginVisit>(), who, ward.Maria, new BeginVisit.Request());

    private static async Task<int> CountNewOnPage(Ward ward, PersonRow who, BeginVisit.Visit visit) =>
        (await ward.PageAsync(who, ward.Maria, new TimelineFilter { NewSince = (visit.NewAfter, who.Id) })).Count;

    [Fact]
    public async Task On_the_first_visit_nothing_is_called_new()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "een");
        var visit = await Visit(ward, Who.Karel);
        Assert.Equal((null, 0), (visit.LastVisit, visit.NewCount));
    }

    [Fact]
    public async Task New_is_what_others_wrote_or_changed_since_the_last_visit()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var old = await ward.NoteAsync(Who.Sofie, ward.Maria, "oud");
        await Visit(ward, Who.Karel);
        var left = ward.Clock.Utc;
        ward.Clock.Advance(TimeSpan.FromHours(5));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "nieuw");
        await ward.NoteAsync(Who.Karel, ward.Maria, "van mijzelf, elders");
        await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(old.Reference, 1, "oud, maar juist"));

        var visit = await Visit(ward, Who.Karel);
        Assert.Equal((left, 2), (visit.LastVisit, visit.NewCount));
        Assert.Equal(2, await CountNewOnPage(ward, Who.Karel, visit));

        ward.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await Visit(ward, Who.Karel)).NewCount);
    }

    [Fact]
    public async Task A_reload_within_the_visit_keeps_the_divider_where_it_was()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Visit(ward, Who.Karel);
        ward.Clock.Advance(TimeSpan.FromHours(5));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "nieuw");
        var visit = await Visit(ward, Who.Karel);
        ward.Clock.Advance(TimeSpan.FromMinutes(10));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "nog nieuwer");
        var reload = await Visit(ward, Who.Karel);
        Assert.Equal((visit.NewAfter, visit.LastVisit, 2), (reload.NewAfter, reload.LastVisit, reload.NewCount));
    }

    [Fact]
    public async Task What_arrived_on_the_screen_is_not_new_at_the_next_visit()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Visit(ward, Who.Karel);
        var seen = await ward.NoteAsync(Who.Sofie, ward.Maria, "terwijl hij kijkt");
        await ward.RunAsync(ward.Get<MarkSeen>(), Who.Karel, ward.Maria, new MarkSeen.Request(seen.Cursor));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "nadat hij weg is");
        ward.Clock.Advance(TimeSpan.FromHours(5));
        var visit = await Visit(ward, Who.Karel);
        Assert.Equal(1, visit.NewCount);
        Assert.Equal(1, await CountNewOnPage(ward, Who.Karel, visit));
    }

    [Fact]
    public async Task Nobody_marks_as_seen_what_is_not_there_yet()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Visit(ward, Who.Karel);
        await ward.RunAsync(ward.Get<MarkSeen>(), Who.Karel, ward.Maria, new MarkSeen.Request(long.MaxValue));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "later");
        ward.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(1, (await Visit(ward, Who.Karel)).NewCount);
    }

    [Fact]
    public async Task What_one_pinned_or_answered_is_no_news_to_oneself()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var question = await ward.AskAsync(Who.An, ward.Maria, "Vraag?");
        await Visit(ward, Who.Karel);
        await Visit(ward, Who.Nadia);
        await ward.ReplyAsync(Who.Karel, ward.Maria, question, "Antwoord");
        await ward.RunAsync(ward.Get<PinEntry>(), Who.Karel, ward.Maria, new PinEntry.Request(question.Reference, true));
        ward.Clock.Advance(TimeSpan.FromHours(5));
        var karel = await Visit(ward, Who.Karel);
        Assert.Equal((0, 0), (karel.NewCount, await CountNewOnPage(ward, Who.Karel, karel)));
        var nadia = await Visit(ward, Who.Nadia);
        Assert.Equal((2, 2), (nadia.NewCount, await CountNewOnPage(ward, Who.Nadia, nadia)));
    }

    [Fact]
    public async Task What_is_hidden_is_not_counted()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Visit(ward, Who.An);
        await ward.NoteAsync(Who.Sofie, ward.Maria, "onder ons", Audience.Professionals);
        ward.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, (await Visit(ward, Who.An)).NewCount);
    }
}
