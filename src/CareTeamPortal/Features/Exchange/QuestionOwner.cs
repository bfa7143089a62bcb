using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Who must answer a question that a program sends. There is always somebody.</summary>
internal static class QuestionOwner
{
    /// <summary>Who is to be put into recipient when it names nobody (else null: the resource names somebody of the team), or why that cannot be.</summary>
    public static Task<(FhirReference? Owner, FhirIssue? Refusal)> FindAsync(PatientRoom room, PeopleDirectory people, JsonElement root, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var recipients = root.Each("recipient"u8).Select(r => r.Text("reference"u8)).ToList();
        if (recipients.Count == 0)
        {
            var accountable = CareStore.Accountable(reader.Session, room.Patient) is { } person ? people.ActorFor(person) : null;
            return ValueTask.FromResult<(FhirReference?, FhirIssue?)>(accountable is null
                ? (null, FhirIssue.Error("required", "Nobody is accountable for this patient: say in recipient who must answer.", "Communication.recipient"))
                : (new FhirReference("recipient", accountable.Reference, null, null, accountable.DisplayName), null));
        }
        if (QuestionRoles.AskedBy(root.Each("recipient"u8).Select(r => r.Child("identifier"u8)).OfType<JsonElement>().Select(i => new FhirReference("recipient", null, new FhirToken(i.Text("system"u8), i.Text("value"u8) ?? ""), null, null))) is { } role)
            return ValueTask.FromResult<(FhirReference?, FhirIssue?)>((null, QuestionRoles.Answerer(reader.Session, people, room.Rules, room.Patient, role, Audience.Professionals, InformationCategory.Notes, room.Now) is not null ? null
                : FhirIssue.Error("business-rule", "Nobody on the care team has the role in recipient, so nobody would have to answer.", "Communication.recipient")));
        var onTeam = recipients.Any(r => people.FindByReference(r) is { } found && GrantSql.Member(reader.Session, room.Patient, found.Id, room.Now) is not null);
        return ValueTask.FromResult<(FhirReference?, FhirIssue?)>((null, onTeam ? null : FhirIssue.Error("business-rule", "Nobody in recipient is on the care team, so nobody would have to answer.", "Communication.recipient")));
    }, ct);
}
