using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// Questions to a role: "de thuisverpleging", whoever that is. One person of the role answers for the question at every moment: who is accountable for the patient
/// if that person has the role, else who is not away, else who has been on the team longest.
/// </summary>
internal static class QuestionRoles
{
    /// <summary>Who of a role answers now; null when nobody of it on the team can see the question.</summary>
    /// <param name="but">Who leaves.</param>
    public static PersonRow? Answerer(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, Discipline role, Audience audience, InformationCategory category, DateTime now, PersonId? but = null)
    {
        var able = Able(session, people, rules, patient, audience, category, now).Where(p => p.Discipline == role && p.Id != but).ToList();
        if (able.Count < 2)
            return able.FirstOrDefault();
        var accountable = CareStore.Accountable(session, patient);
        return able.OrderByDescending(p => p.Id == accountable).ThenBy(p => TeamSql.IsAway(session, p.Id, now)).First();
    }

    /// <summary>The roles to which a question can be put, with who answers now, by care line.</summary>
    public static IReadOnlyList<(Discipline Role, PersonRow Answers)> Of(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, Audience audience, InformationCategory category, DateTime now) =>
        [.. Able(session, people, rules, patient, audience, category, now).OrderBy(p => p.Line).Select(p => p.Discipline).Distinct()
            .Select(role => (role, Answerer(session, people, rules, patient, role, audience, category, now)!))];

    private static IEnumerable<PersonRow> Able(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, Audience audience, InformationCategory category, DateTime now) =>
        GrantSql.Team(session, patient, now).Select(m => people.Find(m.Person) is { } p && p.OwnFile != patient && SharingRules.AnswersForCare(p.Discipline)
            && rules.ReachIn(p, patient).Within(m.Allows).Sees(audience, category) ? p : null).OfType<PersonRow>().DistinctBy(p => p.Id);

    /// <summary>The role that a resource asks, when it asks one.</summary>
    public static Discipline? AskedBy(IEnumerable<Platform.Fhir.FhirReference> recipients) =>
        recipients.Select(r => r.Identifier is { System: PortalCodes.TeamRole, Code: var code } && Enum.TryParse<Discipline>(code, out var role) && Enum.IsDefined(role) ? role : (Discipline?)null).FirstOrDefault(r => r is not null);
}
