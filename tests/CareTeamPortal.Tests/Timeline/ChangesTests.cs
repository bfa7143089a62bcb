using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Files;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Timeline;

public sealed class ChangesTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_correction_keeps_what_it_corrects()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("eerst") with { Title = "T", Mentions = [Who.Karel.Id] });
        ward.Clock.Advance(TimeSpan.FromMinutes(5));
        var changed = Assert.IsType<Changed>(await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, "daarna", "T2"))).Entry;

        Assert.Equal(("daarna", "T2", 2, note.Seq), (changed.Text, changed.Title, changed.Version, changed.Seq));
        Assert.Equal(note.Time, changed.Time);
        Assert.Equal(ward.Clock.Utc, changed.CorrectedAt);
        Assert.True(changed.Cursor > note.Cursor);
        var history = await ward.RunAsync(ward.Get<ReadHistory>(), Who.An, ward.Maria, new ReadHistory.Request(note.Reference));
        Assert.Equal([(2, "daarna", null), (1, "eerst", "Sofie Maes")], history.Select(v => (v.Number, v.Text, v.ReplacedBy)));
        Assert.Equal(changed, Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria)) with { Values = changed.Values, Attachments = changed.Attachments });
    }

    [Fact]
    public async Task A_correction_of_a_version_that_is_no_longer_the_last_is_not_written()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "eerst");
        await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, "in het ene venster"));

        var lost = await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, "in het andere venster"));
        Assert.Equal("in het ene venster", Assert.IsType<ChangedMeanwhile>(lost).Now.Text);
        Assert.IsType<ChangedMeanwhile>(await ward.RunAsync(ward.Get<RetractEntry>(), Who.Sofie, ward.Maria, new RetractEntry.Request(note.Reference, 1, "oud")));
        Assert.Equal(2, (await ward.RunAsync(ward.Get<ReadHistory>(), Who.Sofie, ward.Maria, new ReadHistory.Request(note.Reference))).Count);
    }

    [Fact]
    public async Task Of_many_corrections_at_once_exactly_one_wins()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "eerst");
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, $"versie {i}")))));
        Assert.Single(results.OfType<Changed>());
        Assert.Equal(19, results.OfType<ChangedMeanwhile>().Count());
    }

    [Fact]
    public async Task Nobody_changes_what_another_wrote()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "van Sofie");
        Assert.IsType<NotYours>(await ward.RunAsync(ward.Get<CorrectNote>(), Who.Karel, ward.Maria, new CorrectNote.Request(note.Reference, 1, "van Karel")));
        Assert.IsType<NotYours>(await ward.RunAsync(ward.Get<RetractEntry>(), Who.Karel, ward.Maria, new RetractEntry.Request(note.Reference, 1, "weg")));
        Assert.Equal("van Sofie", (await ward.PageAsync(Who.Karel, ward.Maria))[0].Text);
    }

    [Fact]
    public async Task What_is_taken_back_stays_with_its_reason()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "fout dossier");
        Assert.IsType<NothingSaid>(await ward.RunAsync(ward.Get<RetractEntry>(), Who.Sofie, ward.Maria, new RetractEntry.Request(note.Reference, 1, " \u200B ")));
        Assert.IsType<Changed>(await ward.RunAsync(ward.Get<RetractEntry>(), Who.Sofie, ward.Maria, new RetractEntry.Request(note.Reference, 1, "verkeerde patiënt")));

        var entry = Assert.Single(await ward.PageAsync(Who.An, ward.Maria));
        Assert.Equal((true, "verkeerde patiënt", "fout dossier"), (entry.Retracted, entry.RetractReason, entry.Text));
        Assert.IsType<NotYours>(await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 2, "toch")));
        Assert.Equal(2, (await ward.RunAsync(ward.Get<ReadHistory>(), Who.Sofie, ward.Maria, new ReadHistory.Request(note.Reference))).Count);
    }

    [Fact]
    public async Task A_pin_is_for_the_whole_team_and_pinning_twice_changes_nothing()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "belangrijk");
        var pinned = Assert.IsType<Changed>(await ward.RunAsync(ward.Get<PinEntry>(), Who.Karel, ward.Maria, new PinEntry.Request(note.Reference, true))).Entry;
        var again = Assert.IsType<Changed>(await ward.RunAsync(ward.Get<PinEntry>(), Who.Nadia, ward.Maria, new PinEntry.Request(note.Reference, true))).Entry;
        Assert.Equal((Who.Karel.Id, pinned.Cursor), (again.PinnedBy!.Value, again.Cursor));
        Assert.Single(await ward.PageAsync(Who.An, ward.Maria, new TimelineFilter { PinnedOnly = true }));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<PinEntry>(), Who.An, ward.Maria, new PinEntry.Request(note.Reference, false)));
        await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, "nog belangrijker"));
        Assert.Single(await ward.PageAsync(Who.An, ward.Maria, new TimelineFilter { PinnedOnly = true }));
    }

    [Fact]
    public async Task A_measurement_is_corrected_with_its_reason_and_says_what_stood_there()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var measured = (await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("bd 130/80 g78,4").Measurements], null))).Entries;
        var (pressure, weight) = (measured[0], measured[1]);
        Task<ChangeResult> Correct(PersonRow who, TimelineEntry entry, int version, DateTime? at, string reason, params CorrectedValue[] values) =>
            ward.RunAsync(ward.Get<CorrectMeasurement>(), who, ward.Maria, new CorrectMeasurement.Request(entry.Reference, version, values, at, reason));
        CorrectedValue Kilo(decimal value) => new(value, "kg", "kg");

        Assert.IsType<NothingSaid>(await Correct(Who.Sofie, weight, 1, null, " ", Kilo(87.4m)));
        Assert.IsType<NothingSaid>(await Correct(Who.Sofie, weight, 1, null, "niets nieuws", Kilo(78.4m)));
        Assert.NotNull(Assert.IsType<NotPossible>(await Correct(Who.Sofie, weight, 1, null, "fout", Kilo(874m))).Quantity);
        Assert.IsType<NotPossible>(await Correct(Who.Sofie, weight, 1, ward.Clock.Utc.AddHours(1), "fout", Kilo(87.4m)));
        Assert.IsType<NotYours>(await Correct(Who.Karel, weight, 1, null, "fout", Kilo(87.4m)));
        Assert.IsType<NothingSaid>(await Correct(Who.Sofie, pressure, 1, null, "een getal te weinig", new CorrectedValue(120, "mmHg", "mm[Hg]")));

        var earlier = ward.Clock.Utc.AddHours(-2);
        var corrected = Assert.IsType<Changed>(await Correct(Who.Sofie, weight, 1, earlier, "cijfers omgewisseld", Kilo(87.4m))).Entry;
        Assert.Equal((87.4m, 2, earlier), (corrected.Values.Single().Value!.Value, corrected.Version, corrected.Time));
        Assert.NotNull(corrected.CorrectedAt);
        Assert.Contains("78,4 kg", corrected.Text, StringComparison.Ordinal);
        Assert.Contains("cijfers omgewisseld", corrected.Text, StringComparison.Ordinal);
        Assert.Equal(87.4m, Assert.IsType<ChangedMeanwhile>(await Correct(Who.Sofie, weight, 1, null, "nog eens", Kilo(80m))).Now.Values.Single().Value);

        var both = Assert.IsType<Changed>(await Correct(Who.Sofie, pressure, 1, null, "verlezen", new CorrectedValue(120, "mmHg", "mm[Hg]"), new CorrectedValue(70, "mmHg", "mm[Hg]"))).Entry;
        Assert.Equal([120m, 70m], both.Values.Select(v => v.Value!.Value));
        Assert.Contains("130/80 mmHg", both.Text, StringComparison.Ordinal);
        var history = await ward.RunAsync(ward.Get<ReadHistory>(), Who.An, ward.Maria, new ReadHistory.Request(pressure.Reference));
        Assert.Equal([[120m, 70m], [130m, 80m]], history.Select(v => v.Values.Select(m => m.Value!.Value).ToArray()));

        // The plots show the number that stands.
        Assert.Equal([87.4m], (await ward.RowsAsync("SELECT \"Value\" FROM \"Measurements\" WHERE \"Code\" LIKE '%29463-7'")).Select(r => Convert.ToDecimal(r[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_attachment_is_its_authors_until_it_is_sent_and_then_its_audiences()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithTeam(Who.Sofie));
        var kept = (await ward.RunAsync(ward.Get<AddAttachment>(), Who.Sofie, ward.Maria, new AddAttachment.Request("../wonde\u202Egnp.html", Png))).Kept!;
        async Task<bool> Reads(PersonRow who, PatientId patient) => await ward.RunAsync(ward.Get<ReadAttachment>(), who, patient, new ReadAttachment.Request(kept.Id)) is not null;
        Assert.True(await Reads(Who.Sofie, ward.Maria));
        Assert.False(await Reads(Who.Karel, ward.Maria));
        Assert.False(await Reads(Who.Sofie, new PatientId("other")));
        Assert.Equal("image/png", kept.ContentType);
        Assert.DoesNotContain("/", kept.Name, StringComparison.Ordinal);

        // Somebody else who guesses the id does not get hold of it by sending a note with it.
        var stolen = await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("van Karel") with { Attachments = [kept] });
        Assert.Empty(stolen.Attachments);
        Assert.False(await Reads(Who.Karel, ward.Maria));

        var note = await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("foto") with { Audience = Audience.Professionals, Attachments = [kept] });
        Assert.Equal([kept], note.Attachments);
        Assert.True(await Reads(Who.Karel, ward.Maria));
        Assert.False(await Reads(Who.An, ward.Maria));
        Assert.False(await Reads(Who.MariaHerself, ward.Maria));

        var corrected = Assert.IsType<Changed>(await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new CorrectNote.Request(note.Reference, 1, "foto, beter"))).Entry;
        Assert.Equal([kept], corrected.Attachments);
    }

    [Fact]
    public async Task What_is_uploaded_and_never_sent_has_a_limit_per_person_and_is_forgotten_after_some_days()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithTeam(Who.Sofie));
        Task<AddAttachment.Result> Upload(PersonRow who, PatientId patient) => ward.RunAsync(ward.Get<AddAttachment>(), who, patient, new AddAttachment.Request("foto.png", Png));
        var sent = (await Upload(Who.Sofie, ward.Maria)).Kept!;
        var note = await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("foto") with { Attachments = [sent] });

        // The limit counts over all patients, also when all come at once; what was sent does not count, nor what others upload.
        var many = await Task.WhenAll(Enumerable.Range(0, UnsentFiles.MostFiles + 5).Select(n => Upload(Who.Sofie, n % 2 == 0 ? ward.Maria : new PatientId("other"))));
        Assert.Equal(UnsentFiles.MostFiles, many.Count(r => r.Kept is not null));
        Assert.Equal(5, many.Count(r => r.Refused == CareTeamPortal.Platform.Files.FileRefusal.TooManyUnsent));
        var karels = (await Upload(Who.Karel, ward.Maria)).Kept!;

        // Who takes one away has room again; nobody takes away another's, or what was sent.
        var mine = many[0].Kept!;
        Assert.False(await ward.RunAsync(ward.Get<DropAttachment>(), Who.Sofie, ward.Maria, new DropAttachment.Request(karels.Id)));
        Assert.False(await ward.RunAsync(ward.Get<DropAttachment>(), Who.Sofie, ward.Maria, new DropAttachment.Request(sent.Id)));
        Assert.True(await ward.RunAsync(ward.Get<DropAttachment>(), Who.Sofie, ward.Maria, new DropAttachment.Request(mine.Id)));
        Assert.NotNull((await Upload(Who.Sofie, ward.Maria)).Kept);

        var clean = ward.Get<UnsentFiles>();
        Assert.Equal(0, await clean.ForgetAsync(CancellationToken.None));
        ward.Clock.Advance(UnsentFiles.KeptFor + TimeSpan.FromMinutes(1));
        var fresh = (await Upload(Who.Karel, ward.Maria)).Kept!;
        Assert.Equal(UnsentFiles.MostFiles + 1, await clean.ForgetAsync(CancellationToken.None));
        Assert.Equal([fresh.Id, sent.Id], (await ward.RowsAsync("SELECT \"Id\" FROM \"Attachments\"")).Select(r => (string)r[0]!).OrderByDescending(id => id == fresh.Id));
        Assert.NotNull(await ward.RunAsync(ward.Get<ReadAttachment>(), Who.Karel, ward.Maria, new ReadAttachment.Request(note.Attachments[0].Id)));
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("")]
    [InlineData("MZ\u0090")]
    public async Task A_file_that_is_neither_picture_nor_PDF_is_refused_whatever_it_is_called(string content)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var result = await ward.RunAsync(ward.Get<AddAttachment>(), Who.Sofie, ward.Maria, new AddAttachment.Request("foto.png", System.Text.Encoding.Latin1.GetBytes(content)));
        Assert.Null(result.Kept);
        Assert.NotNull(result.Refused);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Attachments\""));
    }

    [Fact]
    public async Task Measurements_are_written_all_or_none_and_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var line = QuickEntry.Parse("bd 130/80 p72 g78,4");
        var request = new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. line.Measurements], "wat duizelig");
        var first = await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, request);
        var again = await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, request);
        Assert.Equal(3, first.Entries.Count);
        Assert.Equal(first.Entries.Select(e => e.Reference), again.Entries.Select(e => e.Reference));
        Assert.Equal(first.Cursor, again.Cursor);
        Assert.Equal(3, (await ward.PageAsync(Who.An, ward.Maria)).Count);
        Assert.Equal(4, await ward.NumberAsync("SELECT COUNT(*) FROM \"Measurements\""));
        Assert.Equal("wat duizelig", Assert.Single(first.Entries, e => e.Text is not null).Text);

        await ward.RunAsync(ward.Get<RetractEntry>(), Who.Sofie, ward.Maria, new RetractEntry.Request(first.Entries[1].Reference, 1, "verkeerd gemeten"));
        Assert.Equal(3, await ward.NumberAsync("SELECT COUNT(*) FROM \"Measurements\" WHERE \"Audience\" <> 0"));
    }

    [Fact]
    public async Task A_measurement_for_professionals_and_the_patient_is_seen_by_them()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var line = QuickEntry.Parse("p72");
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.MariaHerself, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. line.Measurements], null, Audience.ProfessionalsAndPatient));
        Assert.Single(await ward.PageAsync(Who.MariaHerself, ward.Maria));
        Assert.Single(await ward.PageAsync(Who.Karel, ward.Maria));
        Assert.Empty(await ward.PageAsync(Who.An, ward.Maria));
    }
}
