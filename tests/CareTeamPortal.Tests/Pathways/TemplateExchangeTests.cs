using System.Text.Json.Nodes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Exchange;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Templates for programs: PlanDefinition over FHIR.</summary>
public sealed class TemplateExchangeTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    [Fact]
    public async Task A_program_finds_and_reads_templates_and_their_versions_and_no_draft_of_somebody_else()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var all = await karel.GetAsync("PlanDefinition?status=active&_count=100");
        Assert.Equal(SeedTemplates.Files().Count(), all.Resources.Count(r => ((string?)r["url"])!.StartsWith(TemplateCodes.Canonical, StringComparison.Ordinal)));
        var found = await karel.GetAsync("PlanDefinition?url=" + Uri.EscapeDataString(TemplateCodes.Canonical + "heupfractuur"));
        Assert.Equal("heupfractuur", (string?)Assert.Single(found.Resources)["id"]);
        Assert.Empty((await karel.GetAsync("PlanDefinition?url=https://elders.example/x")).Resources);
        Assert.Equal(400, (await karel.GetAsync("Practitioner?url=x")).Code);
        var read = await karel.GetAsync("PlanDefinition/heupfractuur");
        Assert.Equal("Heupfractuur", TemplateFhir.Read(System.Text.Encoding.UTF8.GetBytes(read.Json!.ToJsonString()))!.Title);

        var services = portal.Services;
        var piet = services.GetRequiredService<PeopleDirectory>().Find(new PersonId("piet.claeys"))!;
        var officer = new Actor(piet.Id, piet.DisplayName, piet.Discipline, piet.Line, piet.RoleTitle, piet.FhirType, null);
        var template = (await services.GetRequiredService<TemplateLibrary>().FindAsync("heupfractuur", null, CancellationToken.None))!;
        var saved = Assert.IsType<TemplateResult.Done>(await services.GetRequiredService<SaveTemplateDraft>().RunAsync(officer, new() { Id = template.Id, Template = template with { Title = "Heupbreuk" } }, CancellationToken.None));
        Assert.Equal(404, (await karel.GetAsync("PlanDefinition/heupfractuur.concept")).Code);
        Assert.Equal(404, (await karel.GetAsync("PlanDefinition/heupfractuur.concept/_history/1")).Code);
        Assert.Empty((await karel.GetAsync("PlanDefinition?status=draft")).Resources);
        Assert.IsType<TemplateResult.Done>(await services.GetRequiredService<PublishTemplate>().RunAsync(officer, template.Id, saved.Number, "andere naam", CancellationToken.None));

        var now = await karel.GetAsync("PlanDefinition/heupfractuur");
        Assert.Equal(("2", "Heupbreuk", "active", TemplateCodes.Canonical + "heupfractuur"), ((string?)now.Json!["version"], (string?)now.Json["title"], (string?)now.Json["status"], (string?)now.Json["url"]));
        Assert.Equal("Heupfractuur", (string?)(await karel.GetAsync("PlanDefinition/heupfractuur/_history/1")).Json!["title"]);
        Assert.Equal(2, (await karel.GetAsync("PlanDefinition/heupfractuur/_history")).Entries.Count);

        var statement = await karel.GetAsync("metadata");
        var type = statement.Json!["rest"]![0]!["resource"]!.AsArray().Single(r => (string?)r!["type"] == "PlanDefinition")!;
        Assert.Contains("url", type["searchParam"]!.AsArray().Select(p => (string?)p!["name"]));
    }

    [Fact]
    public async Task A_program_that_sends_a_template_changes_none()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var before = (await karel.GetAsync("PlanDefinition/beroerte")).Json!;
        var forged = before.DeepClone();
        forged["title"] = "Beroerte (CVA) ";
        forged.AsObject().Remove("meta");
        await karel.PutAsync("PlanDefinition/beroerte", forged);
        await karel.PostAsync("", new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray(new JsonObject { ["resource"] = forged.DeepClone(), ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = "PlanDefinition/beroerte" } }) });
        await karel.PostAsync("", new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = new JsonArray(new JsonObject { ["resource"] = forged.DeepClone() }) });
        Assert.Equal(before.ToJsonString(), (await karel.GetAsync("PlanDefinition/beroerte")).Json!.ToJsonString());
    }
}
