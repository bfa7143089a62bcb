using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Rules;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>From a draft to a version, and who may.</summary>
public sealed class TemplateLifeTests(ITestOutputHelper output)
{
    private const string Id = "copd-opstoot";

    private static readonly Actor Administrator = Who.Ilse.Actor() with { IsAdministrator = true };

    private static Task<TemplateResult> SaveAsync(Ward ward, PersonRow who, PathwayTemplate template, int seen = 0, string? id = Id, bool renew = false) =>
        ward.Get<SaveTemplateDraft>().RunAsync(who.Actor(), new() { Id = id, Seen = seen, Template = template, Renew = renew }, CancellationToken.None);

    private static Task<TemplateResult> PublishAsync(Ward ward, PersonRow who, int seen, string reason = "nieuwe richtlijn", string id = Id) => ward.Get<PublishTemplate>().RunAsync(who.Actor(), id, seen, reason, CancellationToken.None);

    private static Task<ReadTemplate.View?> ReadAsync(Ward ward, PersonRow who, int? version = null, string id = Id) => ward.Get<ReadTemplate>().RunAsync(who.Actor(), id, version, CancellationToken.None);

    private static async Task<PathwayTemplate> NowAsync(Ward ward, string id = Id) => (await ward.Get<TemplateLibrary>().FindAsync(id, null, CancellationToken.None))!;

    private static PathwayTemplate With(PathwayTemplate t, string step, Func<TemplateStep, TemplateStep> change) => t with { Phases = [.. t.Phases.Select(p => p with { Steps = [.. p.Steps.Select(s => s.Id == step ? change(s) : s)] })] };

    [Fact]
    public async Task A_draft_changes_nothing_until_it_is_published_and_then_it_is_the_next_version()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var now = await NowAsync(ward);
        var saved = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, With(now, "contact-week-1", s => s with { Due = new(12) })));
        Assert.Equal(10, (await NowAsync(ward)).Steps.Single(s => s.Step.Id == "contact-week-1").Step.Due.Day);
        Assert.Null((await ReadAsync(ward, Who.Karel))!.Draft);
        Assert.Equal(12, (await ReadAsync(ward, Who.Piet))!.Draft!.Template.Steps.Single(s => s.Step.Id == "contact-week-1").Step.Due.Day);
        Assert.True((await ward.Get<ReadTemplates>().RunAsync(Who.Piet.Actor(), CancellationToken.None)).Lines.Single(l => l.Template.Id == Id).HasDraft);
        Assert.DoesNotContain((await ward.Get<ReadTemplates>().RunAsync(Who.Karel.Actor(), CancellationToken.None)).Lines, l => l.HasDraft);

        Assert.IsType<TemplateResult.NeedsReason>(await PublishAsync(ward, Who.Piet, saved.Number, " \n "));
        Assert.Equal(2, Assert.IsType<TemplateResult.Done>(await PublishAsync(ward, Who.Piet, saved.Number)).Number);
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await PublishAsync(ward, Who.Piet, saved.Number)); // once
        Assert.Equal((2, 12), await NowAsync(ward) is { } after ? (after.Version, after.Steps.Single(s => s.Step.Id == "contact-week-1").Step.Due.Day) : default);

        var view = (await ReadAsync(ward, Who.An))!; // everyone reads what is published
        Assert.Null(view.Draft);
        Assert.False(view.MayWrite);
        Assert.Equal([2, 1], view.Versions.Select(v => v.Template.Version));
        Assert.Equal((Who.Piet.DisplayName, "nieuwe richtlijn"), (view.Shown!.By, view.Shown.Reason));
        Assert.Equal([("Eerste vier weken, Contact in week 1", "wanneer: van dag 10 naar dag 12")], view.Changes.Select(c => (c.Place, c.Words)));
        Assert.Equal(10, (await ReadAsync(ward, Who.An, 1))!.Shown!.Template.Steps.Single(s => s.Step.Id == "contact-week-1").Step.Due.Day);
        Assert.Null(await ReadAsync(ward, Who.An, 3));
        Assert.Null(await ReadAsync(ward, Who.An, null, Id + TemplateLibrary.DraftSuffix));
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None); // the file that came with the program does not take it back
        var newer = now with { Version = 7 };
        Assert.False(await ward.Get<SeedTemplates>().PutAsync(newer, TemplateFhir.Write(newer, null), CancellationToken.None));
        Assert.Equal(2, (await NowAsync(ward)).Version);
    }

    [Fact]
    public async Task Only_governance_officers_and_administrators_write_templates()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var now = await NowAsync(ward);
        var changed = now with { Title = "Anders" };
        foreach (var who in new[] { Who.Karel, Who.Sofie, Who.An, Who.MariaHerself, Who.Ilse })
        {
            Assert.IsType<TemplateResult.NotYours>(await SaveAsync(ward, who, changed));
            Assert.IsType<TemplateResult.NotYours>(await SaveAsync(ward, who, changed, id: null));
        }

        var saved = Assert.IsType<TemplateResult.Done>(await ward.Get<SaveTemplateDraft>().RunAsync(Administrator, new() { Id = Id, Template = changed }, CancellationToken.None));
        foreach (var who in new[] { Who.Karel, Who.Ilse })
        {
            Assert.IsType<TemplateResult.NotYours>(await PublishAsync(ward, who, saved.Number));
            Assert.IsType<TemplateResult.NotYours>(await ward.Get<RetireTemplate>().RunAsync(who.Actor(), Id, 1, true, "reden", CancellationToken.None));
            Assert.IsType<TemplateResult.NotYours>(await ward.Get<DropTemplateDraft>().RunAsync(who.Actor(), Id, saved.Number, CancellationToken.None));
        }

        Assert.Equal(now.Title, (await NowAsync(ward)).Title);
        Assert.IsType<TemplateResult.Done>(await ward.Get<PublishTemplate>().RunAsync(Administrator, Id, saved.Number, "reden", CancellationToken.None));
        Assert.Equal("Anders", (await NowAsync(ward)).Title);
    }

    [Fact]
    public async Task Who_did_not_see_what_somebody_else_wrote_does_not_overwrite_it()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var now = await NowAsync(ward);
        var first = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, now with { Title = "Van Piet" })).Number;
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await SaveAsync(ward, Officers.Wim, now with { Title = "Van Wim" }));
        var second = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Officers.Wim, now with { Title = "Van Wim" }, first)).Number;
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await SaveAsync(ward, Who.Piet, now with { Title = "Weer van Piet" }, first));
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await PublishAsync(ward, Who.Piet, first));
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await ward.Get<DropTemplateDraft>().RunAsync(Who.Piet.Actor(), Id, first, CancellationToken.None));
        Assert.IsType<TemplateResult.Done>(await ward.Get<DropTemplateDraft>().RunAsync(Who.Piet.Actor(), Id, second, CancellationToken.None));
        Assert.Null((await ReadAsync(ward, Who.Piet))!.Draft);
        Assert.Equal(now.Title, (await NowAsync(ward)).Title);
        Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, now with { Title = "Opnieuw" })); // a next draft begins from what is in force
        Assert.Equal(1, (await ReadAsync(ward, Who.Piet))!.Draft!.BeganFrom);
    }

    [Fact]
    public async Task A_draft_of_before_somebody_elses_version_is_brought_up_to_date_before_it_is_published()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var now = await NowAsync(ward);
        var draft = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, now with { Title = "Van Piet" })).Number;
        var newer = now with { Version = 4, Purpose = "Nieuw in het programma" };
        Assert.True(await ward.Get<SeedTemplates>().PutAsync(newer, TemplateFhir.Write(newer, null), CancellationToken.None));
        Assert.Equal(4, Assert.IsType<TemplateResult.Stale>(await PublishAsync(ward, Who.Piet, draft)).Current);
        var mine = (await ReadAsync(ward, Who.Piet))!.Draft!;
        var renewed = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, mine.Template with { Purpose = newer.Purpose }, mine.Stored, renew: true)).Number;
        Assert.Equal(5, Assert.IsType<TemplateResult.Done>(await PublishAsync(ward, Who.Piet, renewed)).Number);
        Assert.Equal(("Van Piet", "Nieuw in het programma"), await NowAsync(ward) is { } t ? (t.Title, t.Purpose) : default);
    }

    [Fact]
    public async Task A_draft_may_be_unfinished_and_is_not_published_so()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var made = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, new() { Id = "x", Version = 1, Title = "Été à la maison!" }, id: null));
        Assert.Equal("ete-a-la-maison", made.Id);
        Assert.Equal([TemplateFault.NoPhases], Assert.IsType<TemplateResult.Faulty>(await PublishAsync(ward, Who.Piet, made.Number, id: made.Id)).Problems.Select(p => p.Fault));
        Assert.Null(await ward.Get<TemplateLibrary>().FindAsync(made.Id, null, CancellationToken.None));
        Assert.Null(await ReadAsync(ward, Who.Karel, id: made.Id));
        var again = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, new() { Id = "x", Version = 1, Title = "Été à la maison?" }, id: null));
        Assert.Equal("ete-a-la-maison-2", again.Id);

        var whole = (await NowAsync(ward)) with { Title = "Été à la maison" };
        var saved = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, whole, made.Number, made.Id));
        Assert.Equal(1, Assert.IsType<TemplateResult.Done>(await PublishAsync(ward, Who.Piet, saved.Number, id: made.Id)).Number);
        Assert.Equal("Été à la maison", (await NowAsync(ward, made.Id)).Title);
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await SaveAsync(ward, Who.Piet, whole, id: "bestaat-niet"));
        var same = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, await NowAsync(ward)));
        Assert.IsType<TemplateResult.NothingChanges>(await PublishAsync(ward, Who.Piet, same.Number));
    }

    [Fact]
    public async Task What_is_retired_says_why_and_comes_back_with_a_reason()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        Task<TemplateResult> StandAsync(bool retire, string reason) => ward.Get<RetireTemplate>().RunAsync(Who.Piet.Actor(), Id, 1, retire, reason, CancellationToken.None);
        Assert.IsType<TemplateResult.NeedsReason>(await StandAsync(true, ""));
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await StandAsync(false, "is al in gebruik"));
        Assert.IsType<TemplateResult.Done>(await StandAsync(true, "vervangen"));
        Assert.Equal(TemplateStatus.Retired, (await NowAsync(ward)).Status);
        var view = (await ReadAsync(ward, Who.Karel))!;
        Assert.Equal((TemplateStatus.Retired, "vervangen"), (view.Shown!.Template.Status, view.Standing!.Reason));
        Assert.Single(view.Versions);
        var newer = await NowAsync(ward) with { Version = 9, Status = TemplateStatus.Active };
        Assert.False(await ward.Get<SeedTemplates>().PutAsync(newer, TemplateFhir.Write(newer, null), CancellationToken.None)); // a newer program does not bring back what people took away
        Assert.IsType<TemplateResult.Done>(await StandAsync(false, "toch weer"));
        Assert.Equal(TemplateStatus.Active, (await NowAsync(ward)).Status);
    }

    [Fact]
    public async Task Hostile_and_endless_texts_are_made_harmless_or_refused()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var now = await NowAsync(ward);
        var saved = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, now with { Title = "<script>\u202Eevil\0\u0007</script>\r\n" + new string('x', 300), Purpose = "a\u0000b" }));
        var draft = (await ReadAsync(ward, Who.Piet))!.Draft!.Template;
        Assert.DoesNotContain(draft.Title + draft.Purpose, c => char.IsControl(c) || c == '\u202E');
        Assert.Contains(ValidateTemplate.Problems(draft), p => p is { Fault: TemplateFault.TooLong, Field: TemplateField.Title });
        Assert.IsType<TemplateResult.Faulty>(await PublishAsync(ward, Who.Piet, saved.Number));

        var phase = now.Phases[0];
        Assert.IsType<TemplateResult.TooLarge>(await SaveAsync(ward, Who.Piet, now with { Purpose = new string('x', 2_000_000) }, saved.Number));
        Assert.IsType<TemplateResult.TooLarge>(await SaveAsync(ward, Who.Piet, now with { Phases = [.. Enumerable.Range(0, 10_000).Select(n => phase with { Id = $"f{n}" })] }, saved.Number));
        Assert.IsType<TemplateResult.TooLarge>(await SaveAsync(ward, Who.Piet, now with { Phases = [phase with { Steps = [phase.Steps[0] with { Checklist = [.. Enumerable.Repeat("x", 100_000)] }] }] }, saved.Number));
        Assert.IsType<TemplateResult.ChangedMeanwhile>(await SaveAsync(ward, Who.Piet, now, id: Id + TemplateLibrary.DraftSuffix));
        Assert.Contains(ValidateTemplate.Problems(now with { Sources = [.. now.Sources, new("kwaad", "bron", "javascript:alert(1)")] }), p => p.Fault == TemplateFault.NoAddress);
        Assert.Contains(ValidateTemplate.Problems(now with { Sources = [.. now.Sources, new("kwaad", "bron", "https://a@b.example/")] }), p => p.Fault == TemplateFault.NoAddress);
    }

    [Fact]
    public void Every_difference_is_said_and_nothing_is_said_of_what_is_the_same()
    {
        var dice = new Dice(output);
        var names = new HashSet<string>();
        for (var n = 0; n < 200; n++)
        {
            var (one, other) = (TemplateFhirTests.RandomTemplate(dice), TemplateFhirTests.RandomTemplate(dice));
            Assert.Empty(CompareTemplates.Between(one, one with { }));
            if (TemplateFhirTests.Said(one with { Version = 1 }) != TemplateFhirTests.Said(other with { Version = 1 }))
                Assert.NotEmpty(CompareTemplates.Between(one, other));
            foreach (var change in CompareTemplates.Between(one, other))
                names.Add(change.Words);
        }

        Assert.DoesNotContain(names, w => w.StartsWith("Change.", StringComparison.Ordinal) || w.StartsWith("Kind.", StringComparison.Ordinal));
        var template = new PathwayTemplate { Id = "t", Version = 1, Title = "t", Phases = [new() { Id = "p", Title = "p", FromDay = 0, Steps = [new() { Id = "s", Kind = StepKind.Measuring, Title = "s", Role = "r", Loinc = "29463-7", Limits = [new() { Id = "l", Quantity = "Weight", Kind = ThresholdKind.Value, Limit = 80 }] }] }] };
        var stricter = With(template, "s", s => s with { Limits = [s.Limits[0] with { Limit = 79 }] });
        Assert.Equal(["grens boven 80,0 kg, gewoon wordt boven 79,0 kg, gewoon"], CompareTemplates.Between(template, stricter).Select(c => c.Words));
    }

    [Fact]
    public async Task What_was_done_with_templates_is_in_a_chain_that_verifies()
    {
        await using var ward = await TemplateLibraryTests.SeededAsync();
        var saved = Assert.IsType<TemplateResult.Done>(await SaveAsync(ward, Who.Piet, (await NowAsync(ward)) with { Title = "Anders" })).Number;
        await PublishAsync(ward, Who.Piet, saved);
        Assert.Equal([$"PlanDefinition/{Id}.concept/_history/1", $"PlanDefinition/{Id}/_history/2"],
            (await ward.RowsAsync("SELECT \"What\" FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\"", TemplateSql.Chain.Value)).Select(r => (string)r[0]!));
    }
}
