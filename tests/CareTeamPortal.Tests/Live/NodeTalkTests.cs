using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Live;

/// <summary>What nodes tell each other, without a broker between them.</summary>
public sealed class NodeTalkTests
{
    private static readonly PatientId P = new("maria-verhoeven");

    [Fact]
    public async Task What_one_node_commits_wakes_who_watches_at_another_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var talk = new NodeTalk(ward.Live, new Presence(ward.Clock), new PeopleDirectory(ward.Database));
        var elsewhere = new LiveFeed();
        using var other = new NodeTalk(elsewhere, new Presence(ward.Clock), new PeopleDirectory(ward.Database));
        using var subscription = elsewhere.Subscribe(ward.Maria);

        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "hier");
        var told = Travel(talk)!;
        other.Hear(told);
        Assert.True(subscription.Wakes.TryRead(out var cursor));
        Assert.Equal(note.Cursor, cursor);
        other.Hear(told); // the same again, or later than the look in the database
        Assert.False(subscription.Wakes.TryRead(out _));
        Assert.Null(other.Take()); // what was heard is not told on
        talk.Hear(told); // one's own words come back as well
        Assert.Null(talk.Take());
    }

    [Fact]
    public async Task However_many_commits_wait_while_nobody_listens_a_file_is_told_of_once_with_the_newest()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        using var talk = new NodeTalk(ward.Live, new Presence(ward.Clock), new PeopleDirectory(ward.Database));
        long newest = 0;
        for (var i = 0; i < 20; i++)
            newest = (await ward.NoteAsync(Who.Sofie, ward.Maria, "nota")).Cursor;
        var commit = Assert.Single(Travel(talk)!.Commits);
        Assert.Equal((ward.Maria.Value, newest), (commit.Patient, commit.Cursor));
        Assert.Null(talk.Take());
    }

    [Fact]
    public void News_of_other_rights_makes_this_node_forget_what_it_remembers_before_anybody_reads()
    {
        var live = new LiveFeed();
        using var subscription = live.Subscribe(P);
        var forgot = 0;
        live.RightsChangedElsewhere += patient =>
        {
            Assert.Equal(P, patient);
            Assert.False(subscription.Wakes.TryRead(out _), "the page was woken before");
            forgot++;
        };
        int After(long cursor, Topics topics)
        {
            forgot = 0;
            live.PublishFromElsewhere(P, cursor, topics);
            Assert.True(subscription.Wakes.TryRead(out _));
            return forgot;
        }

        Assert.Equal(1, After(7, Topics.Timeline)); // the first of which this node hears: nothing is known of those before
        Assert.Equal(0, After(8, Topics.Timeline));
        Assert.Equal(1, After(9, Topics.All));
        Assert.Equal(1, After(11, Topics.Timeline)); // 10 was lost on the way: it may have been about rights
    }

    [Fact]
    public async Task Who_has_a_file_open_elsewhere_is_seen_here_until_they_go_or_their_node_falls_silent()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var people = new PeopleDirectory(ward.Database);
        await people.RefreshAsync(CancellationToken.None);
        var (here, there) = (new Presence(ward.Clock), new Presence(ward.Clock));
        using var talk = new NodeTalk(new LiveFeed(), there, people);
        using var ear = new NodeTalk(new LiveFeed(), here, people);
        var looks = 0;
        using var karel = here.Enter(P, Who.Karel.Actor(), () => looks++);
        IReadOnlyList<PersonHere> Seen(Discipline viewer) => here.Here(P, Who.Karel.Id, Ward.Rules.ReachOf(viewer, CareLine.First));

        var sofie = there.Enter(P, Who.Sofie.Actor(), () => { });
        ear.Hear(Travel(talk)!);
        Assert.Equal(Who.Sofie.Id, Assert.Single(Seen(Discipline.GeneralPractitioner)).Actor.Person);
        Assert.Equal(1, looks);
        sofie.Typing(Audience.Professionals);
        ear.Hear(Travel(talk)!);
        Assert.True(Seen(Discipline.GeneralPractitioner).Single().IsTyping);
        Assert.False(Seen(Discipline.InformalCaregiver).Single().IsTyping); // not even that somebody types what they may not read
        Assert.Equal(2, looks);
        sofie.Dispose();
        ear.Hear(Travel(talk)!);
        Assert.Empty(Seen(Discipline.GeneralPractitioner));

        using var again = there.Enter(P, Who.Sofie.Actor(), () => { });
        ear.Hear(Travel(talk)!);
        Assert.NotEmpty(Seen(Discipline.GeneralPractitioner));
        ward.Clock.Advance(Presence.ElsewhereLasts); // that node was killed: it says nothing any more
        Assert.Empty(Seen(Discipline.GeneralPractitioner));
        looks = 0;
        ear.SayAgain();
        Assert.Equal(1, looks); // and the page is told
        talk.SayAgain();
        ear.Hear(Travel(talk)!);
        Assert.NotEmpty(Seen(Discipline.GeneralPractitioner));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"Node\":\"x\"}")]
    [InlineData("{\"Node\":\"x\",\"Commits\":[null],\"Here\":[]}")]
    [InlineData("{\"Node\":\"x\",\"Commits\":[{\"Patient\":null,\"Cursor\":1,\"Topics\":1}],\"Here\":[]}")]
    [InlineData("{\"Node\":\"x\",\"Commits\":[],\"Here\":[{\"Patient\":\"p\",\"People\":[{}]}]}")]
    public void What_is_no_message_of_ours_is_left(string text) => Assert.Null(NodeMessage.Read(Encoding.UTF8.GetBytes(text)));

    private static NodeMessage? Travel(NodeTalk talk) => talk.Take() is { } message ? NodeMessage.Read(message.Write()) : null;
}
