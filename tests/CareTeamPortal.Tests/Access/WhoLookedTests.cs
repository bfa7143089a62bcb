using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>The patient reads who looked, when, from where and why; grouped so that a human reads it.</summary>
public sealed class WhoLookedTests
{
    private static async Task<IReadOnlyList<Look>> LooksAsync(Ward ward, AccessFilter? filter = null, PersonRow? reader = null) =>
        (await ward.RunAsync(ward.Get<ReadWhoLooked>(), reader ?? Who.MariaHerself, ward.Maria, new(filter)))!.Looks;

    [Fact]
    public async Task Opening_writing_searching_printing_and_a_refusal_each_stand_there_with_their_reason()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TaskAsync(Who.Sofie, Tasks.TaskLifeTests.Ask(Who.Karel, "wonde nakijken"));
        await ward.Get<ReadPatients>().RunAsync(Who.Karel.Actor(), new(Search: "maria"), CancellationToken.None);
        await ward.Desk.OpenAsync(Who.Karel.Actor(), ward.Maria, CareAction.Read, AccessSource.Print, CancellationToken.None);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.Sofie, ward.Maria, new()));

        var looks = await LooksAsync(ward);
        Assert.Contains(looks, l => l.Person == Who.Sofie.Id && l.Kind == AccessKind.Opened && l.Why.Relation == RelationKind.CareAgreement && l.Why.RuleVersion is not null && l.Why.Shared == InformationCategory.All);
        Assert.Contains(looks, l => l.Person == Who.Sofie.Id && l.Kind == AccessKind.Written);
        Assert.Contains(looks, l => l.Person == Who.Sofie.Id && l.Kind == AccessKind.Refused && l.Action == CareAction.ReadAccessLog);
        Assert.Contains(looks, l => l.Person == Who.Karel.Id && l is { Kind: AccessKind.Listed, Source: AccessSource.Search, Why.Relation: RelationKind.GlobalMedicalFile });
        Assert.Contains(looks, l => l.Person == Who.Karel.Id && l.Kind == AccessKind.Taken);
        Assert.Contains(looks, l => l.Person == Who.Els.Id && l.Kind == AccessKind.Refused && l.Why.Relation is null);
        Assert.All(looks, l => Assert.DoesNotContain(".", AccessWords.Why(l).Replace("...", "", StringComparison.Ordinal) + AccessWords.What(l) + AccessWords.Source(l.Source))); // no key of a word that does not exist
        Assert.All(looks, l => Assert.Equal(l.Person != Who.MariaHerself.Id, l.MayContest));
    }

    [Fact]
    public async Task A_list_without_a_search_shows_no_hit_and_a_hit_that_is_not_shown_is_none()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("marianne").WithTeam(Who.Karel));
        await ward.Get<ReadPatients>().RunAsync(Who.Karel.Actor(), new(), CancellationToken.None);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"Source\" = 7"));
        var shown = await ward.Get<ReadPatients>().RunAsync(Who.Karel.Actor(), new(Search: "mari", Count: 1), CancellationToken.None);
        await ward.Get<ReadPatients>().RunAsync(Who.Karel.Actor(), new(Search: "mari", Count: 1), CancellationToken.None); // once per opening
        Assert.Equal(shown.Lines.Single().Patient.Patient.Value, (await ward.RowsAsync("SELECT \"PatientId\" FROM \"AccessRecords\" WHERE \"Source\" = 7")).Single()[0]);
    }

    [Fact]
    public async Task Within_one_opening_each_note_measurement_and_correction_is_a_line_of_its_own()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var note = await ward.NoteAsync(Who.Sofie, ward.Maria, "Wondzorg gedaan.");
        await ward.NoteAsync(Who.Sofie, ward.Maria, "Nog iets.");
        await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, ward.Maria, new(note.Reference, note.Version, "Wondzorg gedaan, wonde droog."));
        var line = new AddMeasurements.Request(Guid.NewGuid().ToString(), QuickEntry.Parse("bd 130/80 p72").Measurements, null, Audience.WholeTeam);
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, line);
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, line); // sent twice is written once
        var looks = await LooksAsync(ward);
        Assert.Equal([3, 2], new[] { "nota", "meting" }.Select(word => looks.Count(l => l.Person == Who.Sofie.Id && l.Kind == AccessKind.Written && AccessWords.What(l).Contains(word, StringComparison.Ordinal))));
        Assert.Single(looks, l => l.Person == Who.Sofie.Id && l.Kind == AccessKind.Opened);
        Assert.Contains($"{note.Reference}/_history/2", looks.Select(l => l.What));
    }

    [Fact]
    public async Task What_was_written_out_of_the_readers_sight_leaves_no_trace_and_its_writers_opening_stays()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "onder collega's", Audience.Professionals);
        var looks = await LooksAsync(ward);
        Assert.DoesNotContain(looks, l => l.Kind == AccessKind.Written);
        Assert.Contains(looks, l => l.Person == Who.Karel.Id && l.Kind == AccessKind.Opened);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_and_filters_leave_the_rest_out()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        for (var i = 0; i < ReadWhoLooked.PageSize + 20; i++)
        {
            ward.Clock.Advance(CareDesk.OpeningLasts);
            await ward.PageAsync(i % 2 == 0 ? Who.Sofie : Who.Nadia, ward.Maria);
        }

        var first = (await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new()))!;
        var second = (await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new(Before: first.Next)))!;
        var all = first.Looks.Concat(second.Looks).ToList();
        Assert.Null(second.Next);
        Assert.Equal(all.Count, all.Select(l => l.Key).Distinct().Count());
        Assert.Equal(ReadWhoLooked.PageSize + 20, all.Count(l => l.Person != Who.MariaHerself.Id && l.Kind == AccessKind.Opened));
        Assert.Equal(all.OrderByDescending(l => l.At).ThenByDescending(l => l.Key), all);

        var day = new AccessFilter(Who.Sofie.Id, AccessKind.Opened, ward.Clock.Utc.AddDays(-1));
        Assert.All(await LooksAsync(ward, day), l => Assert.True(l.Person == Who.Sofie.Id && l.At >= ward.Clock.Utc.AddDays(-1)));
        Assert.Equal(48, (await LooksAsync(ward, day)).Count);
        Assert.True(LookGroup.Of(all).Count < all.Count / 20); // a line per person and day
        Assert.Null(await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new(After: first.Stamp)));
    }

    [Fact]
    public async Task A_named_proxy_reads_it_and_is_refused_again_when_that_ends()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Assert.ThrowsAsync<ActionRefused>(() => LooksAsync(ward, reader: Who.An));
        var named = Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Proxy, true, Person: Who.An.Id)));
        Assert.NotEmpty(await LooksAsync(ward, reader: Who.An));
        await ward.RunAsync(ward.Get<WithdrawDecision>(), Who.MariaHerself, ward.Maria, new(named.Key));
        await Assert.ThrowsAsync<ActionRefused>(() => LooksAsync(ward, reader: Who.An));
    }

    [Fact]
    public async Task Everyone_reads_their_own_right_and_what_the_patient_leaves_to_them()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.SexualHealth));
        var own = await ward.RunAsync(ward.Get<ReadOwnAccess>(), Who.Karel, ward.Maria, new());
        Assert.Equal((RelationKind.GlobalMedicalFile, false, InformationCategory.SexualHealth), (own.Kind, own.Decides, own.ByRole & ~own.Sees));
        Assert.Contains(RelationKind.GlobalMedicalFile, own.Kinds);
        Assert.Empty((await ward.RunAsync(ward.Get<ReadOwnAccess>(), Who.An, ward.Maria, new())).Kinds);
        Assert.True((await ward.RunAsync(ward.Get<ReadOwnAccess>(), Who.MariaHerself, ward.Maria, new())) is { Decides: true, IsPatient: true });
    }

    [Fact]
    public void There_is_a_word_for_all_that_can_stand_there()
    {
        var keys = Enum.GetNames<AccessKind>().SelectMany(k => new[] { $"Kind.{k}", $"Filter.{k}" })
            .Concat(Enum.GetNames<AccessSource>().Select(s => $"Source.{s}"))
            .Concat(Enum.GetNames<RelationKind>().SelectMany(k => new[] { $"Relation.{k}", $"Why.{k}" }))
            .Concat(Enum.GetNames<RelationStep>().Select(s => $"Story.{s}"))
            .Concat(AccessWords.Categories.SelectMany(c => new[] { $"Category.{c}", $"Means.{c}" }));
        Assert.DoesNotContain(keys, k => AccessWords.Get(k) == k);
        foreach (var scope in Enum.GetValues<ConsentScope>())
        {
            foreach (var (permits, some) in new[] { (true, false), (false, false), (true, true), (false, true) })
            {
                var decision = new ConsentRow
                {
                    PatientId = new(Who.Maria), Scope = scope, Categories = some ? InformationCategory.Notes : InformationCategory.All, Organisation = "Huis A", PersonId = Who.Sofie.Id, Permits = permits,
                    From = DateTime.UnixEpoch, Source = ConsentSource.Patient, At = DateTime.UnixEpoch,
                };
                Assert.DoesNotContain("Decision.", AccessWords.Decision(decision, id => id.Value));
            }
        }
    }

    [Fact]
    public async Task An_officer_reads_who_opened_which_file_without_whose_it_is_and_the_patient_reads_that()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("jef-elders").WithTeam(Who.Bram));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "onder ons");
        await ward.PageAsync(Who.MariaHerself, ward.Maria);
        await ward.PageAsync(Who.An, ward.Maria);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
        await ward.PageAsync(Who.Bram, new("jef-elders"));
        var audit = ward.Get<ReadAudit>();
        Task<ReadAudit.Page?> AskAsync(PersonRow who, AccessFilter? filter = null, PatientId? file = null, long? before = null, int count = 100) => audit.RunAsync(who.Actor(), new(filter ?? new(), file, before, count), AccessSource.Page, CancellationToken.None);
        foreach (var who in new[] { Who.Karel, Who.MariaHerself, Who.Ilse, Who.An })
            Assert.Null(await AskAsync(who));

        var all = (await AskAsync(Who.Piet))!.Lines;
        Assert.Contains(all, l => l.Name == Who.Sofie.DisplayName && l.Kind == AccessKind.Written);
        Assert.Contains(all, l => l.Name == Who.Els.DisplayName && l.Kind == AccessKind.Refused);
        Assert.DoesNotContain(all, l => l.Name is { } name && (name == Who.MariaHerself.DisplayName || name == Who.An.DisplayName)); // what they are, not who
        Assert.Contains(all, l => l.Name is null && l.Role.Contains("mantelzorg", StringComparison.OrdinalIgnoreCase));
        var marks = all.Select(l => l.Mark).OfType<string>().Distinct().ToList();
        Assert.Equal(2, marks.Count);
        Assert.All(marks, m => Assert.False(m.Contains("maria", StringComparison.Ordinal) || m.Contains("jef", StringComparison.Ordinal)));

        Assert.All((await AskAsync(Who.Piet, new(Who.Els.Id)))!.Lines, l => Assert.Equal(Who.Els.DisplayName, l.Name));
        Assert.All((await AskAsync(Who.Piet, new(Kind: AccessKind.Refused)))!.Lines, l => Assert.False(l.Row.Allowed));
        var one = (await AskAsync(Who.Piet, file: new("jef-elders")))!.Lines;
        Assert.Equal(Who.Bram.DisplayName, Assert.Single(one, l => l.Row.PersonId == Who.Bram.Id && l.Kind == AccessKind.Opened).Name);
        Assert.Contains(one, l => l.Row.PersonId == Who.Piet.Id); // the look stands there too

        var pages = new List<string>();
        for (long? before = null; ;)
        {
            var page = (await AskAsync(Who.Piet, before: before, count: 2))!;
            pages.AddRange(page.Lines.Select(l => l.Id));
            if ((before = page.Next) is null)
                break;
        }

        Assert.Equal(pages.Count, pages.Distinct().Count());
        Assert.Equal((await AskAsync(Who.Piet))!.Lines.Select(l => l.Id), pages);

        await AskAsync(Who.Piet, file: ward.Maria);
        var look = Assert.Single(await LooksAsync(ward), l => l.Person == Who.Piet.Id);
        Assert.Contains("spelregelaar", AccessWords.Why(look), StringComparison.Ordinal);
        Assert.Contains("deze lijst", AccessWords.What(look), StringComparison.Ordinal);
    }
}
