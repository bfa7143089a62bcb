using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Tests.Support;

/// <summary>Pathways as the form of the page starts them.</summary>
internal static class PathwayWorld
{
    public const string HeartFailure = "hartfalen-na-ontslag";

    /// <summary>The form as it is proposed; who has no proposal is dr. Janssens.</summary>
    public static async Task<StartPathway.Request> FormAsync(Ward ward, PersonRow who, string template = HeartFailure, PatientId? patient = null)
    {
        var read = await ward.RunAsync(ward.Get<ReadStart>(), who, patient ?? ward.Maria, new(template));
        Assert.True(read.MayStart);
        return new() { Id = Guid.NewGuid().ToString(), Template = template, TemplateVersion = read.Template!.Version, StartsOn = BelgianTime.DayOf(ward.Clock.Utc), Roles = read.Template.Roles.ToDictionary(r => r.Id, r => read.Roles.GetValueOrDefault(r.Id) ?? TaskParty.Of(Who.Karel)) };
    }

    public static async Task<string> StartAsync(Ward ward, PersonRow who, string template = HeartFailure, PatientId? patient = null) =>
        Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), who, patient ?? ward.Maria, await FormAsync(ward, who, template, patient))).Id;

    /// <summary>
    /// A small pathway of which each step is due on another day, so that lists have one order. With hidden ones: tasks, a questionnaire and a measurement for professionals.
    /// </summary>
    public static async Task StartTwinAsync(Ward ward, string id, bool hidden)
    {
        TemplateStep[] secret = hidden
            ?
            [
                new() { Id = "geheim-1", Kind = StepKind.Task, Title = "geheim overleg", Role = "arts", Due = new(0, 3), ForProfessionals = true, Goal = "geheim" },
                new() { Id = "geheim-2", Kind = StepKind.Questionnaire, Title = "geheim: belasting", Role = "verpleging", Due = new(2), ForProfessionals = true, Questionnaire = "mantelzorg-totaal" },
                new() { Id = "geheim-3", Kind = StepKind.Questionnaire, Title = "geheim: ervaring", Role = "verpleging", Due = new(0, 1), ForProfessionals = true, Questionnaire = "ervaring" },
                new() { Id = "geheim-4", Kind = StepKind.Measuring, Title = "geheim: temperatuur", Role = "verpleging", ForProfessionals = true, Loinc = "8310-5", Repeat = RepeatRule.Daily },
            ]
            : [];
        var template = new PathwayTemplate
        {
            Id = "tweeling", Version = 1, Title = "Opnieuw wandelen", Roles = [new("arts", "Arts", [Discipline.GeneralPractitioner]), new("verpleging", "Verpleegkundige", [Discipline.HomeNurse]), new("zelf", "Patiënt", [Discipline.Patient])],
            Goals = [new("wandelen", "Opnieuw kunnen wandelen"), new("geheim", "geheim doel")],
            Phases =
            [
                new()
                {
                    Id = "f1", Title = "Begin", FromDay = 0, UntilDay = 7,
                    Steps =
                    [
                        new() { Id = "plan", Kind = StepKind.Task, Title = "Wandelplan maken", Role = "verpleging", Due = new(1), Goal = "wandelen" },
                        new() { Id = "pijn", Kind = StepKind.Questionnaire, Title = "Hoeveel pijn?", Role = "zelf", Due = new(3), Questionnaire = "pijn-nrs" },
                        new() { Id = "pols", Kind = StepKind.Measuring, Title = "Polsslag", Role = "verpleging", Due = new(4), Loinc = "8867-4", Repeat = RepeatRule.Daily },
                        .. secret,
                    ],
                },
                new() { Id = "f2", Title = "Verder", FromDay = 8, UntilDay = 40, Steps = [new() { Id = "nazien", Kind = StepKind.Task, Title = "Nakijken", Role = "arts", Due = new(35) }] },
            ],
        };
        var form = new StartPathway.Request
        {
            Id = id, Template = template.Id, TemplateVersion = 1, StartsOn = BelgianTime.DayOf(ward.Clock.Utc), Roles = new Dictionary<string, TaskParty> { ["arts"] = TaskParty.Of(Who.Karel), ["verpleging"] = TaskParty.Of(Who.Sofie), ["zelf"] = TaskParty.Of(Who.MariaHerself) },
        };
        var room = await ward.Desk.OpenAsync(Who.Karel.Actor(), ward.Maria, CareAction.Write, AccessSource.Page, CancellationToken.None);
        Assert.IsType<StartPathway.Started>(await room.CommitAsync((writer, _) => ValueTask.FromResult(ward.Get<StartPathway>().Start(writer, template, form, id, "portal")), CancellationToken.None));
    }
}
