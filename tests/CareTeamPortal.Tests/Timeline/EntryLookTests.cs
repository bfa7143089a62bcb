using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Tests.Timeline;

public sealed class EntryLookTests
{
    [Fact]
    public void Every_kind_of_entry_is_within_reach_of_the_filter()
    {
        var reached = EntryLook.Filterable.SelectMany(EntryLook.With).ToHashSet();
        Assert.Equal(Enum.GetValues<EntryKind>().Order(), reached.Order());
        Assert.All(EntryLook.Filterable, kind => Assert.Contains(kind, EntryLook.With(kind)));
    }

    [Fact]
    public void Answers_come_with_what_they_answer()
    {
        Assert.Contains(EntryKind.Reply, EntryLook.With(EntryKind.Question));
        Assert.Contains(EntryKind.Reply, EntryLook.With(EntryKind.Note));
    }
}
