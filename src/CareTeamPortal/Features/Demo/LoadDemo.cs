using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Demo;

/// <summary>Loads the demo people and the demo patients that are absent; on request starts the demo files anew.</summary>
internal sealed class LoadDemo(CareDesk desk, CareDatabase database, Filing filing, TakeIn takeIn, PeopleDirectory people, TimeProvider clock)
{
    private const string Origin = "demo";
    private static readonly (string Patient, string Person) EndsSoon = ("frans-lambrechts", "pieter.wouters");

    /// <summary>The people who can sign in; adds who is absent. What an administrator changed outlives a restart.</summary>
    public async Task PeopleAsync(CancellationToken ct)
    {
        var rows = DemoPeople.Accounts.Select(Row).Where(r => people.Find(r.Id) is null).ToList();
        if (!people.People.Values.Concat(rows).Any(p => p.IsAdministrator) && people.Find(new PersonId(DemoPeople.Administrator)) is { } known)
            rows.Add(Platform.SignIn.Accounts.Copy(known, p => p.IsAdministrator = true)); // a database from before there were administrators
        if (!people.People.Values.Any(p => p.Phone is not null || p.Email is not null))
        {
            // A database from before people had a number.
            foreach (var person in DemoPeople.Accounts.Where(a => a.Phone is not null && rows.TrueForAll(r => r.Id.Value != a.UserName)))
                rows.Add(Platform.SignIn.Accounts.Copy(people.Find(new PersonId(person.UserName))!, p => (p.Phone, p.Email) = (person.Phone, person.Email)));
        }

        if (rows.Count > 0)
            await people.KeepAsync(rows, ct);
    }

    /// <summary>Loads the patients that are absent.</summary>
    /// <param name="again">Also starts the demo files anew that are there; what was written in them goes.</param>
    /// <returns>How many files were loaded, and with how many resources.</returns>
    public async Task<(int Patients, int Resources)> PatientsAsync(bool again, CancellationToken ct)
    {
        var wanted = await WantedAsync(again, ct);
        if (wanted.Count == 0)
            return (0, 0);
        var stories = DemoPatients.All(DemoCalendar.AnchorFor(clock.GetUtcNow())).Where(p => wanted.Contains(p.PatientId.Value)).ToList();
        var directory = Prepare(DemoPeople.Directory(), null, DemoPeople.All.Values);
        var files = stories.Select(s => (Story: s, Items: Prepare(s.Resources, s.PatientId, DemoPeople.All.Values.Concat(s.Home)))).ToList();
        var authority = new IntakeAuthority(null, [], Origin, AccessSource.CommandLine);
        var count = await desk.TakeInAsync(authority, intake =>
        {
            takeIn.Put(intake, directory, allOrNothing: false);
            foreach (var (story, items) in files)
            {
                if (again && DemoSql.IsDemoFile(intake.Session, story.PatientId))
                    DemoSql.Empty(intake.Session, story.PatientId);
                takeIn.Put(intake, items, allOrNothing: true);
                Surround(intake, story);
            }

            return files.Sum(f => f.Items.Count);
        }, ct);
        return (stories.Count, count);
    }

    /// <summary>Team, accountability and earlier visits.</summary>
    private static void Surround(Intake intake, DemoPatient story)
    {
        if (ConsentSql.Of(intake.Session, story.PatientId, intake.Now).Count == 0)
            ConsentSql.Add(intake.Session, story.PatientId, ConsentScope.General, InformationCategory.All, null, null, true, intake.Now, null, ConsentSource.TakenOver, null, intake.Now, Origin);
        foreach (var member in story.Team)
        {
            // One relation ends soon, so that its warning is there to be seen.
            DateTime? until = (story.PatientId.Value, member.Person.Value) == EndsSoon ? intake.Now.AddDays(10) : null;
            CareStore.Grant(intake.Session, story.PatientId, member.Person, member.Role, member.SinceUtc, null, Origin, intake.Now, until: until);
        }

        foreach (var period in story.Accountable)
            CareStore.SetAccountable(intake.Session, story.PatientId, period.Person, period.FromUtc, (_, _, _) => period.Person);
        DemoSql.DateAsTold(intake.Session, story.PatientId, intake.Now);
        foreach (var visit in story.Visits)
        {
            DemoSql.Looked(intake.Session, story.PatientId, visit.Person, visit.AtUtc);
            var purpose = story.Home[0].UserName == visit.Person.Value ? AccessPurpose.OwnFile : AccessPurpose.Care;
            CareStore.InsertAccessRecord(intake.Session, story.PatientId, visit.Person, visit.AtUtc, purpose, AccessSource.Page, CareAction.Read, true, null,
                new AccessWhy(GrantSql.Find(intake.Session, story.PatientId, visit.Person, intake.Now)?.Kind, InformationCategory.All, null, null, null));
        }
    }

    private async Task<HashSet<string>> WantedAsync(bool again, CancellationToken ct)
    {
        using var session = await database.RentAsync(ct);
        return [.. DemoPatients.Ids.Where(id => again
            ? !CareStore.FindPatient(session, new PatientId(id)).Exists || DemoSql.IsDemoFile(session, new PatientId(id))
            : !CareStore.FindPatient(session, new PatientId(id)).Exists)];
    }

    private List<Ready> Prepare(IReadOnlyList<ReadOnlyMemory<byte>> resources, PatientId? patient, IEnumerable<DemoPerson> voices)
    {
        var named = voices.ToLookup(v => v.Reference).ToDictionary(v => v.Key, v => v.First());
        Named? NameOf(FhirReference reference) => reference.Literal is { } literal
            ? named.TryGetValue(literal, out var person) ? new Named(person.DisplayName, person.Role, person.Line, person.Discipline, null, person.Organisation)
                : literal.StartsWith("Organization/", StringComparison.Ordinal) && DemoPeople.Organisations.TryGetValue(literal[13..], out var organisation)
                    ? new Named(organisation.Name, null, organisation.Line, Discipline.Organisation) : null
            : null;
        return [.. resources.Select(json => new Ready("", filing.Prepare(json, null, Origin, NameOf), patient, null, null))];
    }

    private static PersonRow Row(DemoPerson p) => new()
    {
        Id = new PersonId(p.UserName),
        DisplayName = p.DisplayName,
        Discipline = p.Discipline,
        Line = p.Line ?? CareLine.Support,
        RoleTitle = p.Role,
        Organisation = p.Organisation,
        FhirType = p.Discipline switch { Discipline.Patient => "Patient", Discipline.InformalCaregiver => "RelatedPerson", _ => "Practitioner" },
        OwnFile = p.Discipline == Discipline.Patient ? new PatientId(p.PatientId!) : null,
        ProfessionalNumber = p.Riziv,
        IsAdministrator = p.UserName == DemoPeople.Administrator,
        Phone = p.Phone,
        Email = p.Email,
    };
}
