using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Timeline;

public sealed class NotesTests
{
    [Fact]
    public async Task A_note_is_read_by_its_audience_and_by_nobody_else()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Sofie, ward.Maria, "voor iedereen");
        await ward.NoteAsync(Who.Sofie, ward.Maria, "onder ons", Audience.Professionals);
        await ward.NoteAsync(Who.Sofie, ward.Maria, "ook voor haar", Audience.ProfessionalsAndPatient);

        Assert.Equal(["ook voor haar", "onder ons", "voor iedereen"], (await ward.PageAsync(Who.Karel, ward.Maria)).Select(e => e.Text));
        Assert.Equal(["ook voor haar", "voor iedereen"], (await ward.PageAsync(Who.MariaHerself, ward.Maria)).Select(e => e.Text));
        Assert.Equal(["voor iedereen"], (await ward.PageAsync(Who.An, ward.Maria)).Select(e => e.Text));
        Assert.Equal(["voor iedereen"], (await ward.PageAsync(Who.Fatima, ward.Maria)).Select(e => e.Text));
    }

    [Theory]
    [InlineData("D")]
    [InlineData("N")]
    [InlineData("B")]
    [InlineData("upper")]
    public async Task Sending_the_same_note_twice_writes_it_once(string format)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var id = Guid.NewGuid();
        var request = Ward.NoteOf("één keer") with { Id = format == "upper" ? id.ToString().ToUpperInvariant() : id.ToString(format) };

        var first = await ward.WriteAsync(Who.Sofie, ward.Maria, request);
        var second = await ward.WriteAsync(Who.Sofie, ward.Maria, request with { Id = id.ToString() });

        Assert.Equal(first.Reference, second.Reference);
        Assert.Equal(first.Cursor, second.Cursor);
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task The_id_of_somebody_elses_note_cannot_be_taken()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var request = Ward.NoteOf("van Sofie");
        await ward.WriteAsync(Who.Sofie, ward.Maria, request);

        await Assert.ThrowsAsync<ArgumentException>(() => ward.RunAsync(ward.Get<AddNote>(), Who.Karel, ward.Maria, request with { Text = "van Karel" }));

        Assert.Equal(["van Sofie"], (await ward.PageAsync(Who.Karel, ward.Maria)).Select(e => e.Text));
    }

    [Fact]
    public async Task The_id_of_a_note_in_another_file_cannot_be_taken()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithTeam(Who.Sofie));
        var request = Ward.NoteOf("bij Maria");
        await ward.WriteAsync(Who.Sofie, ward.Maria, request);

        await Assert.ThrowsAsync<ArgumentException>(() => ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, new PatientId("other"), request));

        Assert.Empty(await ward.PageAsync(Who.Sofie, new PatientId("other")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    [InlineData("\u200B\u202E\u2060")]
    public async Task A_note_without_visible_text_is_not_written(string text)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var result = await ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf(text));
        Assert.Equal(AddNote.Why.Empty, Assert.IsType<AddNote.Refused>(result).Reason);
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_and_not_cut()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var tooLong = new string('a', AddNote.LongestText + 1);
        Assert.Equal(AddNote.Why.TooLong, Assert.IsType<AddNote.Refused>(await ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf(tooLong))).Reason);

        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, new string('a', AddNote.LongestText));
        Assert.Equal(AddNote.LongestText, note.Text!.Length);
        Assert.IsType<SaidTooMuch>(await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, tooLong)));
    }

    [Fact]
    public async Task Hostile_text_is_stored_without_what_hides_or_reorders()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "<script>alert(1)</script> \u202Egnp.exe\u202C nul\0 los\uD800 onzicht\u200Bbaar");
        Assert.Equal("<script>alert(1)</script> gnp.exe nul los\uFFFD onzichtbaar", note.Text);
        Assert.Equal(note.Text, (await ward.PageAsync(Who.An, ward.Maria))[0].Text);
    }

    [Fact]
    public async Task Nobody_writes_for_an_audience_that_excludes_themselves()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var (who, audience) in new[] { (Who.An, Audience.Professionals), (Who.An, Audience.ProfessionalsAndPatient), (Who.MariaHerself, Audience.Professionals) })
        {
            var result = await ward.RunAsync(ward.Get<AddNote>(), who, ward.Maria, Ward.NoteOf("x") with { Audience = audience });
            Assert.Equal(AddNote.Why.AudienceWithoutWriter, Assert.IsType<AddNote.Refused>(result).Reason);
        }

        await ward.NoteAsync(Who.MariaHerself, ward.Maria, "voor de zorgverleners en mij", Audience.ProfessionalsAndPatient);
        Assert.Empty(await ward.PageAsync(Who.An, ward.Maria));
        Assert.Single(await ward.PageAsync(Who.MariaHerself, ward.Maria));
    }

    [Theory]
    [InlineData(Audience.CaregiverCircle)]
    [InlineData(Audience.Patient)]
    [InlineData(Audience.Professionals | Audience.CaregiverCircle)]
    [InlineData(Audience.CaregiverCircle | Audience.Patient)]
    [InlineData((Audience)255)]
    public async Task An_audience_that_cannot_be_said_in_FHIR_is_not_widened(Audience audience)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf("x") with { Audience = audience }));
        Assert.Empty(await ward.PageAsync(Who.Karel, ward.Maria));
    }

    [Fact]
    public async Task Who_is_mentioned_gets_the_mention_when_on_the_team()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("@Karel @Els") with { Mentions = [Who.Karel.Id, Who.Els.Id, Who.Karel.Id, new PersonId("nobody")] });
        Assert.Equal([Who.Karel.Id.Value], (await ward.RowsAsync("SELECT \"PersonId\" FROM \"Mentions\"")).Select(r => r[0]));
    }

    [Fact]
    public async Task Search_finds_words_of_text_title_and_author_and_only_what_is_visible()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("De wonde is **dróóg**, 100% zeker") with { Title = "Wondzorg" });
        await ward.NoteAsync(Who.Sofie, ward.Maria, "droog verband, onder ons", Audience.Professionals);
        await ward.NoteAsync(Who.Sofie, ward.Maria, new string('x', 20_000) + " naald");

        async Task<int> Found(Platform.Data.PersonRow who, params string[] words) => (await ward.PageAsync(who, ward.Maria, new TimelineFilter { Words = words })).Count;
        Assert.Equal(2, await Found(Who.Karel, "droog"));
        Assert.Equal(1, await Found(Who.An, "droog"));
        Assert.Equal(1, await Found(Who.An, "wondzorg", "maes"));
        Assert.Equal(0, await Found(Who.An, "%"));
        Assert.Equal(0, await Found(Who.An, "_roog"));
        Assert.Equal(1, await Found(Who.An, "naald"));
        Assert.Equal(0, await Found(Who.An, "naald' OR 1=1 --"));
    }

    [Fact]
    public async Task A_draft_comes_back_as_it_was_typed_and_only_to_its_author()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        const string Typed = "{\"text\":\"twee  spaties \\n\\n\\n\\n en een einde \"}\n ";
        Assert.True(await ward.RunAsync(ward.Get<SaveDraft>(), Who.Sofie, ward.Maria, new SaveDraft.Request("composer", Typed)));
        Assert.True(await ward.RunAsync(ward.Get<SaveDraft>(), Who.Karel, ward.Maria, new SaveDraft.Request("composer", "van Karel")));
        Assert.False(await ward.RunAsync(ward.Get<SaveDraft>(), Who.Sofie, ward.Maria, new SaveDraft.Request("composer", new string('x', SaveDraft.LongestText + 1))));
        Assert.False(await ward.RunAsync(ward.Get<SaveDraft>(), Who.Sofie, ward.Maria, new SaveDraft.Request(new string('s', 121), "x")));

        Assert.Equal(new Dictionary<string, string> { ["composer"] = Typed }, await ward.RunAsync(ward.Get<ReadDrafts>(), Who.Sofie, ward.Maria, new ReadDrafts.Request()));

        await ward.RunAsync(ward.Get<SaveDraft>(), Who.Sofie, ward.Maria, new SaveDraft.Request("composer", ""));
        Assert.Empty(await ward.RunAsync(ward.Get<ReadDrafts>(), Who.Sofie, ward.Maria, new ReadDrafts.Request()));
        Assert.Single(await ward.RunAsync(ward.Get<ReadDrafts>(), Who.Karel, ward.Maria, new ReadDrafts.Request()));
    }
}
