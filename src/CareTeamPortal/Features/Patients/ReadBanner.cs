using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Patients;

/// <summary>What stands above every page of a patient: who it is, what to be careful with, who is accountable now.</summary>
internal sealed class ReadBanner(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadBanner.Request, ReadBanner.Banner>(desk)
{
    internal sealed record Request;

    /// <param name="MaskedInsz">The national number with its last digits hidden; null when unknown.</param>
    /// <param name="Allergies">Active allergies that the viewer may see, gravest first.</param>
    /// <param name="Alerts">Active flags that the viewer may see.</param>
    /// <param name="EmergencyUntil">The file is open to this person because they broke the glass, until then.</param>
    /// <param name="Reach">What the viewer may see in this file.</param>
    /// <param name="HasResource">False while only references name this patient.</param>
    internal sealed record Banner(
        PatientId Patient, string Name, DateOnly? BirthDate, DatePrecision BirthDatePrecision, string? Gender, bool Deceased, DateOnly? DeceasedOn, string? MaskedInsz, string? City, string? AddressLine, string? Phone,
        IReadOnlyList<Warning> Allergies, IReadOnlyList<Warning> Alerts, Accountable? Accountable, IReadOnlyList<Accountable> AccountableBefore, bool HasResource, IReadOnlyList<Waiting> Waiting, Reach Reach = default, DateTime? EmergencyUntil = null);

    /// <summary>A hand-off that nobody accepted yet.</summary>
    /// <param name="Answers">Who answers for it until then.</param>
    internal sealed record Waiting(string Id, string Title, string? Asked, string? Answers, DateTime Since, bool IsMine);

    /// <param name="IsGrave">High criticality, or a flag for safety.</param>
    internal sealed record Warning(string Text, bool IsGrave);

    /// <summary>Somebody accountable, with the line from which.</summary>
    internal sealed record Accountable(PersonId Person, string Name, string Role, CareLine Line, DateTime Since, DateTime? Until);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Banner> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var patient = Named(BannerSql.Patient(reader.Session, room), room);
        var periods = BannerSql.Periods(reader.Session, room, 50);
        var accountable = periods.Select(p => people.Find(p.PersonId) is { } person ? new Accountable(person.Id, person.DisplayName, person.RoleTitle, person.Line, p.Since, p.Until) : null).OfType<Accountable>().ToList();
        return ValueTask.FromResult(new Banner(
            patient.Id, patient.DisplayName, patient.BirthDate, patient.BirthDatePrecision, patient.Gender, patient.Deceased, patient.DeceasedOn, patient.Insz is { } insz ? Insz.Mask(insz) : null, patient.City, patient.AddressLine, patient.Phone,
            Warnings(reader.Session, room, "AllergyIntolerance"), Warnings(reader.Session, room, "Flag"),
            accountable.FirstOrDefault(a => a.Until is null), [.. accountable.Where(a => a.Until is not null)], patient.HasResource,
            // Status: requested, received.
            [.. TaskSql.OfPatient(reader.Session, room, handoffs: true, open: true, 50).Where(t => t.Status is 1 or 2).Select(t => new Waiting(t.Id, t.Title, t.OwnerName, t.AccountableId is { } who ? people.Find(who)?.DisplayName : t.RequesterName, t.AuthoredOn, IsAsked(t, room.Actor)))], room.Reach,
            room.Grant.IsBreakGlass ? GlassSql.UntilOf(reader.Session, room.Patient, room.Actor.Person, room.Now) : null));
    }, ct);

    /// <summary>
    /// The patient as far as the administrative data are open. Who gives care needs to know whose file is open, so the name stays for them; number, address and birth date do not.
    /// For who only coordinates a member without these data is a member without a name (empty).
    /// </summary>
    internal static PatientRow Named(PatientRow patient, PatientRoom room) => room.Reach.Categories.HasFlag(InformationCategory.Administrative) ? patient : new PatientRow
    {
        Id = patient.Id, DisplayName = room.Role.Kind() == RoleKind.Coordination ? "" : patient.DisplayName, SortName = "", HasResource = patient.HasResource, Deceased = patient.Deceased,
        AccountableId = patient.AccountableId, CoordinatorId = patient.CoordinatorId,
    };

    private bool IsAsked(TaskRow handoff, Actor me) => handoff.OwnerId == me.Person || (handoff.OwnerRole is { } role && role == me.Discipline) || (handoff.OwnerOrganisation is { } place && place == people.Find(me.Person)?.Organisation);

    private static List<Warning> Warnings(DbSession session, PatientRoom room, string type)
    {
        var warnings = new List<Warning>();
        foreach (var json in CareStore.VisibleJson(session, room, type, 50))
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var status = root.First("clinicalStatus"u8)?.First("coding"u8)?.Text("code"u8) ?? root.Text("status"u8);
            if (status is "inactive" or "resolved" or "entered-in-error" || root.First("verificationStatus"u8)?.First("coding"u8)?.Text("code"u8) is "entered-in-error" or "refuted")
                continue;
            if (root.First("code"u8)?.ConceptWords() is { } text)
                warnings.Add(new Warning(SafeText.Line(text, 80), root.Text("criticality"u8) == "high" || root.First("category"u8)?.First("coding"u8)?.Text("code"u8) is "safety" or "drug"));
        }

        return [.. warnings.DistinctBy(w => w.Text).OrderByDescending(w => w.IsGrave)];
    }
}

/// <summary>The whole national number, for who needs it; the look is logged by itself.</summary>
internal sealed class RevealInsz(CareDesk desk) : PatientUseCase<RevealInsz.Request, string?>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.RevealNationalNumber;

    protected override Task<string?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult(ReadBanner.Named(BannerSql.Patient(reader.Session, room), room).Insz is { } insz ? Insz.Format(insz) : null), ct);
}
