using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Demo;

namespace CareTeamPortal.Tests.MyDay;

public sealed class ReadMyDayTests(DemoFiles files) : IClassFixture<DemoFiles>
{
    [Fact]
    public async Task Sofie_opens_on_the_day_of_the_design()
    {
        var day = await files.MyDay.RunAsync(files.Actor("sofie.maes"), CancellationToken.None);
        Assert.Equal(8, day.Patients);
        Assert.Equal(["Albert", "Paula", "Maria", "Jozef", "Rita", "Georges", "Simonne", "Yvonne"], day.Round.Select(v => v.PatientName.Split(' ')[0]));
        Assert.Equal(3, day.Handoffs.Count);
        Assert.Equal("Monique Aerts", Assert.Single(day.Questions).From);
        Assert.True(day.Questions[0].IsOwnVoice);
        Assert.Equal("maria-verhoeven", day.Changed[0].Patient.Value);
        Assert.StartsWith("An: Mama werd vannacht", day.Changed[0].Headlines[0].Text, StringComparison.Ordinal);
        Assert.Equal("dr. Karel Janssens", day.Changed[0].Owner);
        Assert.Equal(["Albert Claes", "Paula De Ridder"], day.Calm);
        Assert.Equal(4, day.Mentions.Count);
        Assert.Empty(day.NeverOpened);
    }

    [Fact]
    public async Task Tasks_that_are_over_time_come_first()
    {
        var day = await files.MyDay.RunAsync(files.Actor("sofie.maes"), CancellationToken.None);
        Assert.Equal(["Foto van de wonde toevoegen", "INR-uitslag doorgeven aan dr. Peeters"], day.Tasks.Where(t => t.Late).Select(t => t.Title));
        Assert.Equal(day.Tasks.OrderBy(t => t.DueAt).Select(t => t.Key), day.Tasks.Select(t => t.Key));
        Assert.All(day.Tasks, t => Assert.True(t.IsMine && !t.IsHandoff));
    }

    [Fact]
    public async Task What_comes_today_with_an_offered_hand_off_stands_there_for_who_was_asked_and_is_not_yet_theirs()
    {
        var day = await files.MyDay.RunAsync(files.Actor("sofie.maes"), CancellationToken.None);
        Assert.Contains("Wegen, bloeddruk, oedeem", day.Coming.Select(g => g.Task.Title));
        Assert.All(day.Coming, g => Assert.False(g.Task.IsMine));
        Assert.Empty(day.Coming.Select(g => g.Task.Id).Intersect(day.Tasks.Select(t => t.Id)));
        Assert.Empty((await files.MyDay.RunAsync(files.Actor("tom.lenaerts"), CancellationToken.None)).Coming);
        Assert.Empty((await files.MyDay.RunAsync(files.Actor("karel.janssens"), CancellationToken.None)).Coming);
    }

    [Fact]
    public async Task The_count_of_news_is_what_the_timeline_counts()
    {
        var day = await files.MyDay.RunAsync(files.Actor("karel.janssens"), CancellationToken.None);
        foreach (var change in day.Changed)
        {
            var counted = await files.NumberAsync($"""
                SELECT COUNT(*) FROM "TimelineEntries" e JOIN "Visits" v ON v."PatientId" = e."PatientId" AND v."PersonId" = 'karel.janssens'
                WHERE e."PatientId" = '{change.Patient}' AND e."Cursor" > v."SeenCursor" AND (e."AuthorId" IS NULL OR e."AuthorId" <> 'karel.janssens')
                """);
            Assert.Equal(counted, change.New);
        }
    }

    [Fact]
    public async Task Since_when_holds_for_every_file_that_changed()
    {
        var day = await files.MyDay.RunAsync(files.Actor("sofie.maes"), CancellationToken.None);
        Assert.NotEmpty(day.Changed);
        var looks = await Task.WhenAll(day.Changed.Select(c => files.NumberAsync($"""SELECT "LastAt" FROM "Visits" WHERE "PersonId" = 'sofie.maes' AND "PatientId" = '{c.Patient}'""")));
        Assert.Equal(looks.Min(), day.LastLook!.Value.Ticks);
    }

    [Fact]
    public async Task A_question_waits_for_its_owner_and_for_nobody_else()
    {
        var karel = await files.MyDay.RunAsync(files.Actor("karel.janssens"), CancellationToken.None);
        Assert.Contains(karel.Questions, q => q.From == "An De Smedt" && !q.Late);
        var nadia = await files.MyDay.RunAsync(files.Actor("nadia.benali"), CancellationToken.None);
        Assert.DoesNotContain(nadia.Questions, q => q.PatientName == "Maria Verhoeven");
    }

    [Fact]
    public async Task A_stranger_sees_nothing_of_a_file()
    {
        var day = await files.MyDay.RunAsync(files.Actor("els.peeters"), CancellationToken.None);
        var names = day.Changed.Select(c => c.Name).Concat(day.Calm).Concat(day.NeverOpened.Select(n => n.Name)).Concat(day.Questions.Concat(day.Mentions).Concat(day.Asked).Select(i => i.PatientName).Concat(day.Handoffs.Select(h => h.View.PatientName))).Concat(day.Tasks.Concat(day.Queue).Select(t => t.PatientName)).Concat(day.Round.Select(r => r.PatientName));
        Assert.DoesNotContain("Maria Verhoeven", names);
        Assert.DoesNotContain(day.Follow, p => p.Value == "maria-verhoeven");
    }

    [Theory]
    [InlineData("piet.claeys")]
    [InlineData("wim.aerts")]
    public async Task Who_has_no_files_gets_an_empty_day(string user)
    {
        var day = await files.MyDay.RunAsync(files.Actor(user), CancellationToken.None);
        Assert.Equal(0, day.Patients);
        Assert.Empty(day.Changed);
    }

    [Fact]
    public async Task A_file_whose_words_are_shown_gets_an_access_record_once()
    {
        await files.MyDay.RunAsync(files.Actor("pieter.wouters"), CancellationToken.None);
        await files.MyDay.RunAsync(files.Actor("pieter.wouters"), CancellationToken.None);
        Assert.Equal(1, await files.NumberAsync($"SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"PersonId\" = 'pieter.wouters' AND \"PatientId\" = 'maria-verhoeven' AND \"Source\" = {(int)AccessSource.Overview}"));
    }

    [Fact]
    public async Task An_sees_her_question_who_answers_it_and_who_comes_but_no_trace_of_what_is_for_professionals()
    {
        var home = await files.HomeDay.RunAsync(files.Actor("an.desmedt"), CancellationToken.None);
        var maria = Assert.Single(home.Files);
        Assert.Equal("dr. Karel Janssens", maria.Questions[0].Owner);
        Assert.True(maria.Questions[0].IsMine);
        Assert.Equal(["Sofie", "Fatima"], maria.Coming.Where(c => c.Day == new DateOnly(2026, 11, 25)).Select(c => c.WhoShort));
        // Tom's hand-off of 16:50 and his note stand in the file; only what An's reach shows is counted.
        var visible = await files.NumberAsync("""
            SELECT COUNT(*) FROM "TimelineEntries" e JOIN "Visits" v ON v."PatientId" = e."PatientId" AND v."PersonId" = 'an.desmedt'
            WHERE e."PatientId" = 'maria-verhoeven' AND e."Cursor" > v."SeenCursor" AND (e."AuthorId" IS NULL OR e."AuthorId" <> 'an.desmedt') AND (e."Audience" & 2) <> 0 AND e."Category" IN (1, 2, 4, 8, 16, 32, 64)
            """);
        Assert.Equal(visible, (long)maria.New!.Value);
    }

    [Fact]
    public async Task Maria_reads_her_own_words_and_her_goals()
    {
        var home = await files.HomeDay.RunAsync(files.Actor("maria.verhoeven"), CancellationToken.None);
        var own = Assert.Single(home.Files);
        Assert.True(own.IsOwn);
        Assert.Equal("In mijn eigen huis blijven. Zondag koffie met de kleinkinderen. En niet elke dag een ander gezicht.", own.OwnWords);
        Assert.Equal(3, own.Goals.Count);
        Assert.Equal(8, own.Team.Count);
        Assert.Equal("dr. Karel Janssens", own.Owner);
    }
}
