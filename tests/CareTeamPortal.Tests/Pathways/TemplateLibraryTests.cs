using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Which templates exist, and who brought them.</summary>
public sealed class TemplateLibraryTests
{
    private const string HeartFailure = "hartfalen-na-ontslag";

    [Fact]
    public async Task The_files_of_the_program_are_kept_once()
    {
        await using var ward = await SeededAsync();
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        await AnotherProgramAsync(ward);
        var all = await ward.Get<TemplateLibrary>().AllAsync(CancellationToken.None);
        Assert.Equal(SeedTemplates.Files().Count(), all.Count);
        var template = await ward.Get<TemplateLibrary>().FindAsync(HeartFailure, null, CancellationToken.None);
        Assert.Equal(["Ontslag", "Eerste 72 uur", "Bijsturen", "Stabiel", "Chronische opvolging"], template!.Phases.Select(p => p.Title));
        Assert.Same(template, all.Single(t => t.Id == HeartFailure)); // taken apart once
        Assert.Null(await ward.Get<TemplateLibrary>().FindAsync(HeartFailure, 9, CancellationToken.None));
        Assert.Null(await ward.Get<TemplateLibrary>().FindAsync("bestaat-niet", null, CancellationToken.None));
        Assert.Single(await VersionsAsync(ward, HeartFailure));
    }

    [Fact]
    public async Task A_newer_file_becomes_a_new_version_and_the_older_one_stays_readable()
    {
        await using var ward = await SeededAsync();
        await using var node = await ward.AnotherNodeAsync();
        Assert.Equal(1, (await node.Get<TemplateLibrary>().FindAsync(HeartFailure, null, CancellationToken.None))!.Version);
        var newer = File() with { Version = 3, Title = "Hartfalen, herzien" };
        Assert.True(await ward.Get<SeedTemplates>().PutAsync(newer, TemplateFhir.Write(newer, null), CancellationToken.None));
        Assert.False(await ward.Get<SeedTemplates>().PutAsync(newer, TemplateFhir.Write(newer, null), CancellationToken.None));
        await AnotherProgramAsync(ward); // an older one changes nothing back
        foreach (var library in new[] { ward.Get<TemplateLibrary>(), node.Get<TemplateLibrary>() })
        {
            Assert.Equal((3, "Hartfalen, herzien"), (await library.FindAsync(HeartFailure, null, CancellationToken.None)) is { } t ? (t.Version, t.Title) : default);
            Assert.Equal((1, "Hartfalen na ontslag"), (await library.FindAsync(HeartFailure, 1, CancellationToken.None)) is { } old ? (old.Version, old.Title) : default);
            Assert.Contains(await library.AllAsync(CancellationToken.None), a => a is { Id: HeartFailure, Version: 3 });
        }

        Assert.Equal([3, 1], (await VersionsAsync(ward, HeartFailure)).Select(v => v.Template.Version));
    }

    [Fact]
    public async Task Neither_a_person_nor_an_import_changes_a_template_by_sending_one()
    {
        await using var ward = await SeededAsync(A.Patient().WithWholeTeam());
        var forged = $$"""{"resourceType":"PlanDefinition","id":"{{HeartFailure}}","status":"active","title":"Hartfalen na ontslag","version":"9"}""";
        Assert.Equal(Taken.Refused, (await ward.TakeAsAsync(Who.Karel, [Who.Karel], forged))[0].Outcome);
        Assert.NotEqual(Taken.NewVersion, (await ward.TakeAsync([Who.Karel], forged))[0].Outcome);
        Assert.Equal(1, (await ward.Get<TemplateLibrary>().FindAsync(HeartFailure, null, CancellationToken.None))!.Version);
    }

    private static PathwayTemplate File() => TemplateFhir.Read(SeedTemplates.Files().Single(f => f.Name == HeartFailure + ".json").Json)!;

    /// <summary>A program that did not keep these templates here goes through all of them.</summary>
    private static async Task AnotherProgramAsync(Ward ward)
    {
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"Settings\" SET \"Value\" = 'another' WHERE \"Name\" = 'templates-kept-by'").Run()), CancellationToken.None);
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
    }

    internal static async Task<Ward> SeededAsync(params A.PatientBuilder[] patients)
    {
        var ward = await Ward.WithAsync(patients);
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        return ward;
    }

    internal static Task<IReadOnlyList<(PathwayTemplate Template, DefinitionVersion Stored)>> VersionsAsync(Ward ward, string id) =>
        ward.Desk.ReadForTheClockAsync(session => ward.Get<TemplateLibrary>().Versions(session, id), CancellationToken.None);
}
