using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.MyDay;

/// <summary>The caregiver's load is the caregiver's, and whom the caregiver shows it to; a question goes to a role with a name behind it.</summary>
public sealed class ShareLoadTests
{
    private static async Task<string> SeenAsync(Ward ward, PersonRow who) =>
        string.Join(' ', (await ward.RunAsync(ward.Get<ReadSharedLoads>(), who, ward.Maria, new())).Select(s => $"{s.Person.Value}:{string.Join(',', s.Answers.Select(a => a.Score))}"));

    private static Task<bool> ShareAsync(Ward ward, PersonRow who, PersonRow? with) => ward.RunAsync(ward.Get<ShareOwnLoad>(), who, ward.Maria, new(with?.Id));

    [Fact]
    public async Task Only_whom_the_caregiver_chose_sees_it_and_only_until_the_caregiver_takes_it_back()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<KeepOwnLoad>(), Who.An, ward.Maria, new(4));
        await ward.RunAsync(ward.Get<KeepOwnLoad>(), Who.An, ward.Maria, new(8));
        var quiet = (await ward.NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\""), await ward.NumberAsync("SELECT COUNT(*) FROM \"Resources\""));
        Assert.True(await ShareAsync(ward, Who.An, Who.Sofie));
        Assert.Equal("an.desmedt:4,8", await SeenAsync(ward, Who.Sofie));
        foreach (var other in new[] { Who.Karel, Who.MariaHerself, Who.Fatima, Who.An })
            Assert.Equal("", await SeenAsync(ward, other));
        Assert.Equal(Who.Sofie.Id, (await ward.RunAsync(ward.Get<ReadLoadShare>(), Who.An, ward.Maria, new())).With!.Person);
        Assert.Null((await ward.RunAsync(ward.Get<ReadLoadShare>(), Who.Fatima, ward.Maria, new())).With);

        Assert.True(await ShareAsync(ward, Who.An, Who.Karel));
        Assert.Equal(("", "an.desmedt:4,8"), (await SeenAsync(ward, Who.Sofie), await SeenAsync(ward, Who.Karel)));
        Assert.True(await ShareAsync(ward, Who.An, null));
        Assert.Equal("", await SeenAsync(ward, Who.Karel));
        Assert.Equal(quiet, (await ward.NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\""), await ward.NumberAsync("SELECT COUNT(*) FROM \"Resources\"")));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"What\" LIKE '%load%'"));
    }

    [Fact]
    public async Task It_is_shared_with_nobody_outside_the_team_and_by_caregivers_alone()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<KeepOwnLoad>(), Who.An, ward.Maria, new(4));
        Assert.False(await ShareAsync(ward, Who.An, Who.Els));
        Assert.False(await ShareAsync(ward, Who.An, Who.An));
        Assert.False(await ShareAsync(ward, Who.Sofie, Who.Karel));
        Assert.True(await ShareAsync(ward, Who.An, Who.Sofie));
        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Sofie.Id, false));
        await Assert.ThrowsAsync<PatientNotFound>(() => SeenAsync(ward, Who.Sofie));
        Assert.Null((await ward.RunAsync(ward.Get<ReadLoadShare>(), Who.An, ward.Maria, new())).With);
        await ShareAsync(ward, Who.An, Who.Karel);
        await ward.RevokeAsync(ward.Maria, Who.An);
        ward.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("", await SeenAsync(ward, Who.Karel));
    }

    private static async Task<TimelineEntry> QuestionAsync(Ward ward, PersonRow reader) => (await ward.PageAsync(reader, ward.Maria)).Single(e => e.Kind == EntryKind.Question);

    private static Task<AddNote.Result> AskRoleAsync(Ward ward, Discipline role) => ward.RunAsync(ward.Get<AddNote>(), Who.An, ward.Maria, Ward.NoteOf("Mag mama in bad?") with { Kind = EntryKind.Question, ReplyBy = ward.Clock.Utc.AddDays(1), ReplyRole = role });

    [Fact]
    public async Task A_question_to_a_role_says_who_of_it_answers_and_passes_to_another_of_it_before_it_passes_to_who_is_accountable()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Bram, Who.Pieter, Who.An, Who.MariaHerself));
        var day = await ward.Get<ReadHomeDay>().RunAsync(Who.An.Actor(), CancellationToken.None);
        Assert.Equal(["de huisarts: dr. Karel Janssens", "de thuisverpleging: Sofie Maes", "de apotheek: Pieter Wouters"], day.Files[0].Roles.Select(r => $"{r.Words}: {r.Answers}"));
        Assert.IsType<AddNote.Written>(await AskRoleAsync(ward, Discipline.HomeNurse));
        var question = await QuestionAsync(ward, Who.An);
        Assert.Equal((Discipline.HomeNurse, Who.Sofie.Id), (question.AskedRole!.Value, question.ReplyOwner!.Value));
        var home = (await ward.Get<ReadHomeDay>().RunAsync(Who.An.Actor(), CancellationToken.None)).Files[0].Questions.Single();
        Assert.Equal(("de thuisverpleging", "Sofie Maes"), (home.Asked, home.Owner));

        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Sofie.Id, false));
        Assert.Equal(Who.Bram.Id, (await QuestionAsync(ward, Who.An)).ReplyOwner);
        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Bram.Id, false));
        question = await QuestionAsync(ward, Who.An);
        Assert.Equal((Discipline.HomeNurse, Who.Karel.Id), (question.AskedRole!.Value, question.ReplyOwner!.Value));
    }

    [Fact]
    public async Task A_role_that_nobody_has_is_not_asked()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.Equal(new AddNote.Refused(AddNote.Why.NobodyToAnswer), await AskRoleAsync(ward, Discipline.Psychologist));
        Assert.Equal(new AddNote.Refused(AddNote.Why.NobodyToAnswer), await AskRoleAsync(ward, Discipline.InformalCaregiver));
    }

    [Fact]
    public async Task Who_is_away_does_not_get_the_question_while_another_of_the_role_is_there()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.Bram, Who.An));
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(TeamSql.AddAbsence(session, Who.Sofie.Id, ward.Clock.Utc.AddHours(-1), ward.Clock.Utc.AddDays(2))), CancellationToken.None);
        await AskRoleAsync(ward, Discipline.HomeNurse);
        Assert.Equal(Who.Bram.Id, (await QuestionAsync(ward, Who.An)).ReplyOwner);
    }
}
