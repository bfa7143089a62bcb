using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Alerts;

/// <summary>That a pathway which runs asks patient and family to say when it goes worse, and what that leads to.</summary>
/// <param name="Pathway">Id of the pathway.</param>
/// <param name="Told">The step whose text is shown: an action plan, whom to call.</param>
/// <param name="To">Who gets the alert, and what is asked next.</param>
internal sealed record WorseAsked(string Pathway, TemplateStep Told, TemplateWorse To);

/// <summary>Looks in the templates of what runs: which step asks for it stands there as data.</summary>
internal static class Worse
{
    private const int MostPathways = 50;

    private static readonly Lazy<Dictionary<string, (PathwayTemplate Template, TemplateStep Step)?>> OfProgram = new(() =>
        SeedTemplates.Files().Select(f => TemplateFhir.Read(f.Json)).OfType<PathwayTemplate>().ToDictionary(t => t.Id, Asking, StringComparer.Ordinal));

    /// <summary>The first pathway that asks for it and that the room may see, the newest first; null when none does.</summary>
    public static WorseAsked? In(DbSession session, PatientRoom room, TemplateLibrary library)
    {
        foreach (var pathway in PathwaySql.OfPatient(session, room, MostPathways).Where(p => p.Status == (int)PathwayStatus.Active))
        {
            // A version from before templates said it: the present one says it of the same step, or the file that came with the program.
            if ((Asking(library.Find(session, pathway.Template, pathway.TemplateVersion)) ?? Asking(library.Find(session, pathway.Template, null)) ?? OfProgram.Value.GetValueOrDefault(pathway.Template)) is not var (template, step))
                continue;
            if (PathwaySql.Steps(session, room, pathway.Id).Any(s => s.StepId == step.Id && s.State != (int)StepState.Skipped))
                return new(pathway.Id, template.Steps.Select(s => s.Step).FirstOrDefault(s => s.Id == step.Worse!.Step && !s.ForProfessionals) ?? step, step.Worse!);
        }

        return null;
    }

    private static (PathwayTemplate Template, TemplateStep Step)? Asking(PathwayTemplate? template) =>
        template?.Steps.Select(s => s.Step).FirstOrDefault(s => s.Worse is not null) is { } step ? (template, step) : null;

    /// <summary>Who plays the role that the template names; null when nobody does, or it names none.</summary>
    public static TaskParty? Contact(DbSession session, PatientRoom room, PathwayFiling pathways, WorseAsked asked) =>
        asked.To.Contact is { } role ? pathways.Find(session, room, asked.Pathway)?.Pathway.Roles.FirstOrDefault(r => r.Id == role)?.Party : null;
}
