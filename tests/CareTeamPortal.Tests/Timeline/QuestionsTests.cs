using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Timeline;

public sealed class QuestionsTests
{
    private static async Task<TimelineEntry> SeenBy(Ward ward, PersonRow who, TimelineEntry entry) => (await ward.PageAsync(who, ward.Maria)).Single(e => e.Reference == entry.Reference);

    [Fact]
    public async Task A_question_belongs_to_whom_it_asks_and_else_to_who_is_accountable()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.Equal(Who.Nadia.Id, (await ward.AskAsync(Who.Sofie, ward.Maria, "Plaspil?", Who.Nadia)).ReplyOwner);
        Assert.Equal(Who.Karel.Id, (await ward.AskAsync(Who.Sofie, ward.Maria, "Wie?")).ReplyOwner);
        Assert.Equal(Who.MariaHerself.Id, (await ward.AskAsync(Who.Sofie, ward.Maria, "Hoe voelt u zich?", Who.MariaHerself, Audience.ProfessionalsAndPatient)).ReplyOwner);
    }

    [Fact]
    public async Task A_question_nobody_could_answer_is_not_asked()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var (owner, audience) in new[] { (Who.Els, Audience.WholeTeam), (Who.An, Audience.Professionals), (Who.Ilse, Audience.WholeTeam) })
        {
            var asked = await ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf("?") with { Kind = EntryKind.Question, ReplyOwner = owner.Id, Audience = audience });
            Assert.Equal(AddNote.Why.NobodyToAnswer, Assert.IsType<AddNote.Refused>(asked).Reason);
        }

        var late = await ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf("?") with { Kind = EntryKind.Question, ReplyBy = ward.Clock.Utc });
        Assert.Equal(AddNote.Why.DeadlineInThePast, Assert.IsType<AddNote.Refused>(late).Reason);
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task Only_an_answer_that_everyone_who_sees_the_question_sees_closes_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var question = await ward.AskAsync(Who.An, ward.Maria, "Mag mama wandelen?");
        await ward.ReplyAsync(Who.Karel, ward.Maria, question, "onder ons: liever niet", Audience.Professionals);
        await ward.ReplyAsync(Who.An, ward.Maria, question, "Nog een vraagje erbij");
        Assert.False((await SeenBy(ward, Who.Karel, question)).IsAnswered);
        Assert.Equal(1, (await SeenBy(ward, Who.An, question)).AnswerCount);
        Assert.Equal(2, (await SeenBy(ward, Who.Karel, question)).AnswerCount);

        await ward.ReplyAsync(Who.Karel, ward.Maria, question, "Tien minuten per dag");
        Assert.True((await SeenBy(ward, Who.An, question)).IsAnswered);
        Assert.Equal(ward.Clock.Utc.AddDays(1), (await SeenBy(ward, Who.An, question)).ReplyBy);
    }

    [Fact]
    public async Task Taking_the_answer_back_opens_the_question_again()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var question = await ward.AskAsync(Who.An, ward.Maria, "Mag mama wandelen?");
        var answer = await ward.ReplyAsync(Who.Karel, ward.Maria, question, "Ja");
        await ward.RunAsync(ward.Get<RetractEntry>(), Who.Karel, ward.Maria, new RetractEntry.Request(answer.Reference, 1, "verkeerde patiënt"));
        Assert.False((await SeenBy(ward, Who.An, question)).IsAnswered);

        await ward.ReplyAsync(Who.Sofie, ward.Maria, question, "Tien minuten");
        Assert.True((await SeenBy(ward, Who.An, question)).IsAnswered);
    }

    [Fact]
    public async Task An_answered_question_is_still_found_by_its_words()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var question = await ward.AskAsync(Who.An, ward.Maria, "Mag mama wandelen?");
        await ward.ReplyAsync(Who.Karel, ward.Maria, question, "Ja");
        Assert.Equal(question.Reference, Assert.Single(await ward.PageAsync(Who.Karel, ward.Maria, new TimelineFilter { Words = ["wandelen"] })).Reference);
    }

    [Fact]
    public async Task A_reply_is_never_for_more_eyes_than_what_it_answers()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var closed = await ward.NoteAsync(Who.Sofie, ward.Maria, "onder ons", Audience.Professionals);
        var patient = await ward.NoteAsync(Who.Sofie, ward.Maria, "met Maria", Audience.ProfessionalsAndPatient);
        Assert.Equal(Audience.Professionals, (await ward.ReplyAsync(Who.Karel, ward.Maria, closed, "ja")).Audience);
        Assert.Equal(Audience.ProfessionalsAndPatient, (await ward.ReplyAsync(Who.Karel, ward.Maria, patient, "ja")).Audience);
        Assert.Equal(Audience.Professionals, (await ward.ReplyAsync(Who.Karel, ward.Maria, patient, "onder ons", Audience.Professionals)).Audience);
        Assert.Empty(await ward.PageAsync(Who.An, ward.Maria));
    }

    [Fact]
    public async Task What_one_does_not_see_cannot_be_answered()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithTeam(Who.Sofie, Who.An));
        var closed = await ward.NoteAsync(Who.Sofie, ward.Maria, "onder ons", Audience.Professionals);
        var elsewhere = await ward.NoteAsync(Who.Sofie, new PatientId("other"), "elders");
        foreach (var target in new[] { closed.Reference, elsewhere.Reference, "Communication/nothing", "nonsense", "/", "" })
        {
            var result = await ward.RunAsync(ward.Get<AddNote>(), Who.An, ward.Maria, Ward.NoteOf("?") with { Kind = EntryKind.Reply, Answers = target });
            Assert.Equal(AddNote.Why.NothingToAnswer, Assert.IsType<AddNote.Refused>(result).Reason);
        }
    }

    [Fact]
    public async Task An_answer_to_an_answer_stands_in_the_same_thread()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var root = await ward.NoteAsync(Who.Sofie, ward.Maria, "wortel");
        var first = await ward.ReplyAsync(Who.Karel, ward.Maria, root, "een");
        var second = await ward.ReplyAsync(Who.Sofie, ward.Maria, first, "twee");
        var thread = await ward.RunAsync(ward.Get<ReadThread>(), Who.An, ward.Maria, new ReadThread.Request(second.Reference));
        Assert.Equal(root.Reference, thread!.Root.Reference);
        Assert.Equal(["een", "twee"], thread.Answers.Select(a => a.Text));
    }

    [Fact]
    public async Task What_an_answer_refers_to_is_named_to_who_may_see_it_and_to_nobody_else()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var question = await ward.AskAsync(Who.Karel, ward.Maria, "Hoe gaat de wonde?", Who.Sofie, Audience.Professionals);
        var read = ward.Get<ReadAsked>();
        Assert.Equal("Hoe gaat de wonde?", Assert.Single(await ward.RunAsync(read, Who.Sofie, ward.Maria, new([question.Seq, 999]))).Text);
        Assert.Empty(await ward.RunAsync(read, Who.An, ward.Maria, new([question.Seq])));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(read, Who.Els, ward.Maria, new([question.Seq])));
    }
}
