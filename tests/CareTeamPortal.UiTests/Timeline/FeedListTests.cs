using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.UiTests.Timeline;

public sealed class FeedListTests
{
    private static readonly DateTime Now = new(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc);
    private readonly FeedList _list = new(new At(Now));

    private static TimelineEntry Entry(long seq, int minutesAgo, bool own = false, long? answers = null, string? text = null) => new(
        seq, seq, answers is null ? EntryKind.Note : EntryKind.Reply, Now.AddMinutes(-minutesAgo), DatePrecision.Instant, null, InformationCategory.Notes, Audience.WholeTeam, CareLine.First, Discipline.HomeNurse,
        new PersonId("sofie.maes"), "Sofie Maes", null, null, "Nota", text, [], [], "Communication", "n" + seq, 1, answers, 0, null, null, false, null, null, false, null, null, Now, "completed", own);

    private void Begin(params TimelineEntry[] entries) => _list.Begin(entries, hasOlder: true, jumped: false);

    private IEnumerable<long> Shown => _list.Parts.SelectMany(p => p.Entries).Select(e => e.Seq);

    [Fact]
    public void An_answer_whose_question_is_not_here_is_asked_about_once_and_named_and_follows_its_question()
    {
        Begin(Entry(9, 1, answers: 4), Entry(8, 2, answers: 5), Entry(5, 60));
        Assert.Equal([4], _list.Unnamed());
        _list.Name([4], [Entry(4, 600, text: "Hoe gaat de wonde?")]);
        Assert.Empty(_list.Unnamed());
        Assert.Equal("Hoe gaat de wonde?", _list.Known()[4].Text);
        Assert.Equal([9, 8, 5], Shown);
        Assert.DoesNotContain(4, _list.BySeq().Keys); // it is not on the page: going there reads it
        _list.TakeStale();
        _list.Take(Entry(4, 600, text: "Hoe gaat de wonde nu?"), hold: false, fits: false);
        Assert.Equal("Hoe gaat de wonde nu?", _list.Known()[4].Text);
        Assert.NotEmpty(_list.TakeStale());
        // What may not be seen stays without a name, and is not asked about again.
        Begin(Entry(9, 1, answers: 4));
        _list.Name(_list.Unnamed(), []);
        Assert.Empty(_list.Unnamed());
        Assert.DoesNotContain(4, _list.Known().Keys);
    }

    [Fact]
    public void What_arrives_at_the_top_leaves_the_read_pages_alone()
    {
        Begin(Entry(2, 20), Entry(1, 30));
        _list.TakeStale();
        _list.Take(Entry(3, 0), hold: false, fits: true);
        Assert.Equal([3, 2, 1], Shown);
        Assert.Equal([_list.Arrived], _list.TakeStale());
    }

    [Fact]
    public void The_same_entry_told_twice_is_there_once()
    {
        Begin(Entry(1, 30));
        _list.Take(Entry(2, 0), hold: false, fits: true);
        _list.Take(Entry(2, 0, text: "verbeterd"), hold: false, fits: true);
        Assert.Equal([2, 1], Shown);
        Assert.Equal("verbeterd", _list.Arrived.Entries[0].Text);
    }

    [Fact]
    public void What_arrives_while_the_reader_is_elsewhere_waits_and_comes_in_order()
    {
        Begin(Entry(1, 30));
        foreach (var seq in new long[] { 2, 3, 4 })
            _list.Take(Entry(seq, 10 - (int)seq), hold: true, fits: true);
        Assert.Equal([1], Shown);
        Assert.Equal(3, _list.Waiting.Count);
        _list.Release();
        Assert.Equal([4, 3, 2, 1], Shown);
        Assert.Empty(_list.Waiting);
    }

    [Fact]
    public void A_waiting_entry_that_changes_waits_once()
    {
        Begin(Entry(1, 30));
        _list.Take(Entry(2, 5), hold: true, fits: true);
        _list.Take(Entry(2, 5, text: "verbeterd"), hold: true, fits: true);
        Assert.Equal("verbeterd", Assert.Single(_list.Waiting).Text);
    }

    [Fact]
    public void Ones_own_entry_never_waits()
    {
        Begin(Entry(1, 30));
        _list.Take(Entry(2, 0, own: true), hold: true, fits: true);
        Assert.Equal([2, 1], Shown);
    }

    [Fact]
    public void A_change_to_a_row_is_shown_where_it_stands_even_while_the_reader_types()
    {
        Begin(Entry(2, 20), Entry(1, 30));
        _list.Take(Entry(1, 30, text: "verbeterd"), hold: true, fits: true);
        Assert.Equal([2, 1], Shown);
        Assert.Equal("verbeterd", _list.Pages[0].Entries[1].Text);
    }

    [Fact]
    public void What_happened_earlier_goes_to_its_place_in_time()
    {
        Begin(Entry(3, 10), Entry(1, 30));
        _list.Take(Entry(4, 20), hold: false, fits: true);
        Assert.Equal([3, 4, 1], Shown);
    }

    [Fact]
    public void What_is_older_than_all_that_was_read_comes_by_scrolling()
    {
        Begin(Entry(1, 30));
        _list.Take(Entry(2, 90), hold: false, fits: true);
        Assert.Equal([1], Shown);
        _list.AddOlder([Entry(2, 90)], hasOlder: false);
        Assert.Equal([1, 2], Shown);
    }

    [Fact]
    public void A_page_that_overlaps_with_what_came_brings_nothing_twice()
    {
        Begin(Entry(3, 10), Entry(2, 20));
        _list.AddOlder([Entry(2, 20), Entry(1, 30)], hasOlder: false);
        Assert.Equal([3, 2, 1], Shown);
    }

    [Fact]
    public void What_does_not_pass_the_filter_is_not_shown_and_does_not_wait()
    {
        Begin(Entry(1, 30));
        _list.Take(Entry(2, 0), hold: false, fits: false);
        _list.Take(Entry(3, 0), hold: true, fits: false);
        Assert.Equal([1], Shown);
        Assert.Empty(_list.Waiting);
    }

    [Fact]
    public void After_a_jump_to_a_date_what_is_new_waits_above()
    {
        _list.Begin([Entry(1, 3000)], hasOlder: true, jumped: true);
        _list.Take(Entry(9, 0), hold: false, fits: true);
        Assert.Equal([1], Shown);
        Assert.Single(_list.Waiting);
    }

    [Fact]
    public void What_is_planned_stands_apart()
    {
        Begin(Entry(2, -60), Entry(1, 30));
        Assert.Equal([2], _list.Planned.Entries.Select(e => e.Seq));
        _list.Take(Entry(3, -30), hold: false, fits: true);
        Assert.Equal([2, 3], _list.Planned.Entries.Select(e => e.Seq));
    }

    [Fact]
    public void An_answer_counts_at_its_root_and_joins_its_open_thread()
    {
        Begin(Entry(2, 20, answers: 1), Entry(1, 30));
        _list.Threads["Communication-n1"] = [Entry(2, 20, answers: 1)];
        _list.TakeStale();
        _list.Take(Entry(3, 0, answers: 1), hold: false, fits: true);
        Assert.Equal([2, 3], _list.Threads["Communication-n1"].Select(e => e.Seq));
        Assert.Equal(1, _list.Pages[0].Entries[1].AnswerCount);
        Assert.Contains(_list.Pages[0], _list.TakeStale());
    }

    [Fact]
    public void The_part_that_arrivals_draw_stays_small_and_an_open_page_stays_bounded()
    {
        Begin(Entry(1, 100_000));
        for (var seq = 2; seq <= 2000; seq++)
        {
            _list.Take(Entry(seq, 10_000 - seq), hold: false, fits: true);
            Assert.InRange(_list.Arrived.Entries.Count, 0, 20);
        }
        Assert.InRange(Shown.Count(), 50, 70);
        Assert.Equal(2000, Shown.First());
        Assert.Equal(Shown.OrderDescending(), Shown);
        Assert.True(_list.HasOlder);
    }

    [Fact]
    public void What_is_being_read_further_down_does_not_go_away()
    {
        Begin([.. Enumerable.Range(1, 100).Reverse().Select(seq => Entry(seq, 10_000 - seq))]);
        _list.AtTop = false;
        for (var seq = 101; seq <= 200; seq++)
            _list.Take(Entry(seq, 10_000 - seq, own: true), hold: false, fits: true);
        Assert.Equal(200, Shown.Count());
    }

    [Fact]
    public void Only_what_arrived_is_drawn_again_until_its_part_is_full()
    {
        Begin([.. Enumerable.Range(1, 50).Reverse().Select(seq => Entry(seq, 10_000 - seq))]);
        _list.TakeStale();
        for (var seq = 51; seq <= 250; seq++)
        {
            _list.Take(Entry(seq, 10_000 - seq), hold: false, fits: true);
            Assert.Equal([_list.Arrived], _list.TakeStale());
        }
    }

    [Fact]
    public void What_was_read_is_cut_into_small_parts()
    {
        Begin([.. Enumerable.Range(1, 50).Reverse().Select(seq => Entry(seq, 10_000 - seq))]);
        Assert.Equal([10, 10, 10, 10, 10], _list.Pages.Select(p => p.Entries.Count));
        Assert.Equal(40, _list.Below(_list.Pages[0])?.Seq);
    }

    [Fact]
    public void A_pin_is_noticed()
    {
        Begin(Entry(1, 30));
        Assert.True(_list.Take(Entry(1, 30) with { PinnedAt = Now }, hold: false, fits: true));
        Assert.False(_list.Take(Entry(1, 30, text: "x") with { PinnedAt = Now }, hold: false, fits: true));
    }

    private sealed class At(DateTime now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(now);
    }
}
