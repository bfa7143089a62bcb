using System.Globalization;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

/// <summary>For whom a demo entry is written, in the words of the composer.</summary>
internal enum Seen
{
    /// <summary>The whole team with patient and caregiver circle.</summary>
    ByAll,

    /// <summary>Professionals only.</summary>
    ByProfessionals,

    /// <summary>Professionals and the patient; the caregiver circle does not see it.</summary>
    ByProfessionalsAndPatient,
}

/// <summary>Who a demo patient is.</summary>
/// <param name="Serial">The three digits after the birth date in the national number: odd for men, even for women.</param>
internal sealed record DemoIdentity(string Id, string Given, string Family, bool Woman, DateOnly Born, int Serial, string Street, string PostalCode, string City, string Phone, string GeneralPractitioner)
{
    public string Name => $"{Given} {Family}";

    /// <summary>National number: check = 97 - (nine digits mod 97), with "2" before the digits for who is born from 2000 on.</summary>
    public string Insz
    {
        get
        {
            var digits = Born.ToString("yyMMdd", CultureInfo.InvariantCulture) + Serial.ToString("000", CultureInfo.InvariantCulture);
            var number = long.Parse((Born.Year >= 2000 ? "2" : "") + digits, CultureInfo.InvariantCulture);
            return digits + (97 - (number % 97)).ToString("00", CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>
/// Writes the file of one demo patient: each method is a thing that somebody does in care, and becomes the FHIR R4 resource that the portal
/// itself would write for it. The stories (DemoPatients.*.cs) only say who, when and what.
/// </summary>
internal sealed partial class DemoChart
{
    private readonly List<(DateTimeOffset At, JsonObject Resource)> _timed = [];
    private readonly List<JsonObject> _base = [];
    private readonly Dictionary<string, DemoPerson> _relatives = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<DemoTeamMember> _team = [];
    private readonly List<AccountabilityPeriod> _accountable = [];
    private readonly List<DemoVisit> _visits = [];

    public DemoChart(DemoCalendar days, DemoIdentity who)
    {
        Days = days;
        Who = who;
        Chance = new DemoRandom(who.Id);
        Self = DemoPeople.All.Values.FirstOrDefault(p => p.Discipline == Discipline.Patient && p.PatientId == who.Id)
            ?? new DemoPerson("self", who.Given, who.Family, null, Discipline.Patient, CareLine.Home, "patiënt", null, null, null, who.Id, false);
        _relatives["self"] = Self;
        var gp = DemoPeople.All[who.GeneralPractitioner];
        _base.Add(new JsonObject
        {
            ["resourceType"] = "Patient",
            ["id"] = who.Id,
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = DemoJson.Ssin, ["value"] = who.Insz }),
            ["active"] = true,
            ["name"] = new JsonArray(new JsonObject { ["use"] = "official", ["text"] = who.Name, ["family"] = who.Family, ["given"] = new JsonArray(who.Given) }),
            ["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = who.Phone }),
            ["gender"] = who.Woman ? "female" : "male",
            ["birthDate"] = who.Born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["address"] = new JsonArray(new JsonObject { ["line"] = new JsonArray(who.Street), ["postalCode"] = who.PostalCode, ["city"] = who.City, ["country"] = "BE" }),
            ["communication"] = new JsonArray(new JsonObject { ["language"] = DemoJson.Concept("urn:ietf:bcp:47", "nl", null), ["preferred"] = true }),
            ["generalPractitioner"] = new JsonArray(new JsonObject { ["reference"] = gp.Reference, ["display"] = gp.DisplayName }),
        });
    }

    public DemoCalendar Days { get; }
    public DemoIdentity Who { get; }

    /// <summary>The generator of this patient's series.</summary>
    public DemoRandom Chance { get; }

    /// <summary>The patient as a person who writes.</summary>
    public DemoPerson Self { get; }

    public DemoPatient Finish() => new(
        new PatientId(Who.Id), Who.Name,
        [.. _base.Concat(_timed.OrderBy(t => t.At).Select(t => t.Resource)).Select(DemoJson.Bytes)],
        _team, _accountable, _visits, [.. _relatives.Values]);

    // ---- people ------------------------------------------------------------------------------------------------------

    /// <summary>A relative of the patient; with an account when <paramref name="key"/> is a user name of the contract.</summary>
    public void Relative(string key, string given, string family, string role, string phone)
    {
        var person = DemoPeople.All.GetValueOrDefault(key)
            ?? new DemoPerson($"{Who.Id}.{key}", given, family, null, Discipline.InformalCaregiver, CareLine.Home, role, null, null, null, Who.Id, false);
        _relatives[key] = person;
        _base.Add(new JsonObject
        {
            ["resourceType"] = "RelatedPerson",
            ["id"] = person.UserName,
            ["active"] = true,
            ["patient"] = Subject(),
            ["relationship"] = new JsonArray(DemoJson.Text(role)),
            ["name"] = new JsonArray(new JsonObject { ["text"] = person.Name, ["family"] = family, ["given"] = new JsonArray(given) }),
            ["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = phone }),
        });
    }

    /// <summary>The care team as of a day: accounts get access, everybody is named. A role may be given as "user: role".</summary>
    public void Team(int since, params string[] members)
    {
        var participants = new JsonArray();
        foreach (var member in members)
        {
            var colon = member.IndexOf(':', StringComparison.Ordinal);
            var person = Person(colon < 0 ? member : member[..colon]);
            var role = colon < 0 ? person.Role : member[(colon + 1)..].Trim();
            participants.Add(new JsonObject
            {
                ["role"] = new JsonArray(DemoJson.Text(role)),
                ["member"] = Ref(person),
                ["onBehalfOf"] = person.OrganisationId is null ? null : new JsonObject { ["reference"] = $"Organization/{person.OrganisationId}", ["display"] = person.Organisation },
                ["period"] = new JsonObject { ["start"] = Date(since) },
            });
            if (person.HasAccount)
                _team.Add(new DemoTeamMember(new PersonId(person.UserName), role, person.Line ?? CareLine.Home, Days.Utc(since, "9:00")));
        }

        Add(Days.At(since, "9:00"), null, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "CareTeam",
            ["id"] = Id("team"),
            ["status"] = "active",
            ["name"] = $"Zorgteam van {Who.Name}",
            ["subject"] = Subject(),
            ["period"] = new JsonObject { ["start"] = Stamp(since, "9:00") },
            ["participant"] = participants,
        });
    }

    /// <summary>From this moment this person is accountable; ends the period before.</summary>
    public void Accountable(string who, int day, string at)
    {
        var from = Days.Utc(day, at);
        if (_accountable.Count > 0)
            _accountable[^1] = _accountable[^1] with { ToUtc = from };
        var person = Person(who);
        _accountable.Add(new AccountabilityPeriod(new PersonId(person.UserName), person.DisplayName, person.Role, person.Line ?? CareLine.Home, from, null));
    }

    public void LastLooked(string who, int day, string at) => _visits.Add(new DemoVisit(new PersonId(Person(who).UserName), Days.Utc(day, at)));

    // ---- words -------------------------------------------------------------------------------------------------------

    public string Note(string by, int day, string at, string text, string? title = null, Seen seen = Seen.ByAll, string? mention = null) =>
        Message("note", by, day, at, text, title, seen, null, null, null, mention);

    /// <summary>A question to somebody, to be answered before a moment ("0 12:00": today at noon).</summary>
    public string Ask(string by, int day, string at, string text, string to, int beforeDay, string beforeAt, string? title = null, Seen seen = Seen.ByAll, string? mention = null) =>
        Message("question", by, day, at, text, title, seen, null, to, Stamp(beforeDay, beforeAt), mention);

    public string Answer(string question, string by, int day, string at, string text, Seen seen = Seen.ByAll, string? mention = null) =>
        Message("reply", by, day, at, text, null, seen, question, null, null, mention);

    /// <summary>The patient's own words about what matters.</summary>
    public void OwnWords(int day, string at, string text) => Note("self", day, at, text, "Wat is belangrijk voor mij");

    private string Message(string kind, string by, int day, string at, string text, string? title, Seen seen, string? answers, string? to, string? replyBy, string? mention)
    {
        var person = Person(by);
        var id = Id(kind);
        var extensions = new JsonArray();
        if (replyBy is not null)
            extensions.Add(new JsonObject { ["url"] = DemoJson.Base + "StructureDefinition/reply-by", ["valueDateTime"] = replyBy });
        if (mention is not null)
            extensions.Add(new JsonObject { ["url"] = DemoJson.Base + "StructureDefinition/mention", ["valueReference"] = Ref(Person(mention)) });
        var recipients = new JsonArray();
        if (to is not null)
            recipients.Add(Ref(Person(to)));
        if (seen == Seen.ByProfessionalsAndPatient && to != "self")
            recipients.Add(Ref(Self));
        Add(Days.At(day, at), person, seen, new JsonObject
        {
            ["resourceType"] = "Communication",
            ["id"] = id,
            ["extension"] = extensions.Count > 0 ? extensions : null,
            ["inResponseTo"] = answers is null ? null : new JsonArray(new JsonObject { ["reference"] = $"Communication/{answers}" }),
            ["status"] = "completed",
            ["category"] = new JsonArray(DemoJson.Concept(DemoJson.Base + "CodeSystem/entry-kind", kind, null)),
            ["subject"] = Subject(),
            ["topic"] = title is null ? null : DemoJson.Text(title),
            ["sent"] = Stamp(day, at),
            ["recipient"] = recipients.Count > 0 ? recipients : null,
            ["sender"] = Ref(person),
            ["payload"] = new JsonArray(new JsonObject { ["contentString"] = text }),
        });
        return id;
    }

    // ---- contacts and stays ------------------------------------------------------------------------------------------

    /// <summary>A contact at home.</summary>
    public void HomeVisit(string by, int day, string from, string to, string what) => Encounter(by, day, from, day, to, "HH", "finished", what, null);

    /// <summary>A consultation at the practice or the hospital.</summary>
    public void Consultation(string by, int day, string from, string to, string what) => Encounter(by, day, from, day, to, "AMB", "finished", what, null);

    public void Emergency(string by, int day, string from, string to, string what, string reason) => Encounter(by, day, from, day, to, "EMER", "finished", what, reason);

    public void Stay(string by, int day, string from, int untilDay, string until, string what, string reason) => Encounter(by, day, from, untilDay, until, "IMP", "finished", what, reason);

    private void Encounter(string by, int day, string from, int untilDay, string until, string contact, string status, string what, string? reason)
    {
        var person = Person(by);
        Add(Days.At(day, from), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Encounter",
            ["id"] = Id("contact"),
            ["status"] = status,
            ["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = contact },
            ["type"] = new JsonArray(DemoJson.Text(what)),
            ["subject"] = Subject(),
            ["participant"] = new JsonArray(new JsonObject { ["individual"] = Ref(person) }),
            ["period"] = new JsonObject { ["start"] = Stamp(day, from), ["end"] = Stamp(untilDay, until) },
            ["reasonCode"] = reason is null ? null : new JsonArray(DemoJson.Text(reason)),
            ["serviceProvider"] = Organisation(person),
        });
    }

    public void Appointment(string with, int day, string from, string to, string what)
    {
        var person = Person(with);
        // It was booked some weeks before; its place in the order of writing is then.
        var booked = Days.At(Math.Min(day - 21, -3), from);
        Add(booked, person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Appointment",
            ["id"] = Id("afspraak"),
            ["status"] = "booked",
            ["description"] = what,
            ["created"] = Stamp(Math.Min(day - 21, -3), from),
            ["start"] = Stamp(day, from),
            ["end"] = Stamp(day, to),
            ["participant"] = new JsonArray(
                new JsonObject { ["actor"] = Subject(), ["status"] = "accepted" },
                new JsonObject { ["actor"] = Ref(person), ["status"] = "accepted" }),
        });
    }

    /// <summary>The daily round: the same hour on the anchor day and the days after it.</summary>
    public void Daily(string with, string from, string to, string what)
    {
        for (var day = 0; day <= 3; day++)
            Appointment(with, day, from, to, what);
    }

    // ---- problems, warnings, goals, pathway --------------------------------------------------------------------------

    public void Problem(string by, DateOnly since, string text, string? snomed = null, string? note = null, bool active = true)
    {
        var person = Person(by);
        Add(Start(since), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Condition",
            ["id"] = Id("probleem"),
            ["clinicalStatus"] = DemoJson.Concept("http://terminology.hl7.org/CodeSystem/condition-clinical", active ? "active" : "resolved", null),
            ["verificationStatus"] = DemoJson.Concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", null),
            ["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", null)),
            ["code"] = snomed is null ? DemoJson.Text(text) : DemoJson.Concept(DemoJson.Snomed, snomed, text),
            ["subject"] = Subject(),
            ["onsetDateTime"] = Date(since),
            ["recorder"] = Ref(person),
            ["note"] = Notes(note),
        });
    }

    public void Allergy(string by, DateOnly since, string substance, string reaction, bool severe, string category = "medication")
    {
        var person = Person(by);
        Add(Start(since), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "AllergyIntolerance",
            ["id"] = Id("allergie"),
            ["clinicalStatus"] = DemoJson.Concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", null),
            ["verificationStatus"] = DemoJson.Concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "confirmed", null),
            ["type"] = "allergy",
            ["category"] = new JsonArray(category),
            ["criticality"] = severe ? "high" : "low",
            ["code"] = DemoJson.Text(substance),
            ["patient"] = Subject(),
            ["recordedDate"] = Date(since),
            ["recorder"] = Ref(person),
            ["reaction"] = new JsonArray(new JsonObject { ["manifestation"] = new JsonArray(DemoJson.Text(reaction)) }),
        });
    }

    /// <summary>A warning in the banner: "Geen NSAID", "Antistolling", "Valrisico".</summary>
    public void Warning(string by, int day, string text)
    {
        var person = Person(by);
        Add(Days.At(day, "9:30"), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Flag",
            ["id"] = Id("waarschuwing"),
            ["status"] = "active",
            ["category"] = new JsonArray(DemoJson.Concept("http://terminology.hl7.org/CodeSystem/flag-category", text.Contains("Val", StringComparison.Ordinal) ? "safety" : "clinical", null)),
            ["code"] = DemoJson.Text(text),
            ["subject"] = Subject(),
            ["period"] = new JsonObject { ["start"] = Stamp(day, "9:30") },
            ["author"] = Ref(person),
        });
    }

    /// <summary>A goal in the patient's own words.</summary>
    /// <returns>The goal as a task names it.</returns>
    public string Goal(int day, string words, string? measure, int? dueDay, string? progress, string status = "in-progress")
    {
        var id = Id("doel");
        Add(Days.At(day, "9:10"), Self, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Goal",
            ["id"] = id,
            ["lifecycleStatus"] = "active",
            ["achievementStatus"] = DemoJson.Concept("http://terminology.hl7.org/CodeSystem/goal-achievement", status, status switch { "achieved" => "bereikt", "improving" => "gaat vooruit", "worsening" => "gaat achteruit", _ => "bezig" }),
            ["description"] = DemoJson.Text(words),
            ["subject"] = Subject(),
            ["startDate"] = Date(day),
            ["target"] = measure is null && dueDay is null ? null : new JsonArray(new JsonObject
            {
                ["measure"] = measure is null ? null : DemoJson.Text(measure),
                ["dueDate"] = dueDay is null ? null : Date(dueDay.Value),
            }),
            ["expressedBy"] = Ref(Self),
            ["note"] = Notes(progress),
        });
        return "Goal/" + id;
    }

    /// <summary>What care aims at so that a life goal comes nearer, as the portal writes it.</summary>
    /// <returns>The goal as a task names it.</returns>
    public string Aims(string by, int day, string words, GoalTarget? target, string? serves = null)
    {
        var id = Id("zorgdoel");
        var since = Days.Day(day);
        var goal = new CareGoal { Id = id, Patient = new PatientId(Who.Id), Kind = GoalKind.Care, Words = words, State = GoalState.Active, By = Party(Person(by)), Owner = Party(Person(by)), Serves = serves, Target = target, Start = since, StateSince = since };
        Add(Days.At(day, "9:30"), Person(by), Seen.ByAll, Written(GoalFhir.Write(goal, null, null), id));
        return goal.Reference;
    }

    /// <summary>A care pathway or plan with its agreements.</summary>
    public void Pathway(string by, int day, string title, string description, params string[] agreements)
    {
        var person = Person(by);
        Add(Days.At(day, "10:00"), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "CarePlan",
            ["id"] = Id("zorgpad"),
            ["status"] = "active",
            ["intent"] = "plan",
            ["title"] = title,
            ["description"] = description,
            ["subject"] = Subject(),
            ["period"] = new JsonObject { ["start"] = Stamp(day, "10:00") },
            ["author"] = Ref(person),
            ["activity"] = new JsonArray([.. agreements.Select(a => (JsonNode)new JsonObject
            {
                ["detail"] = new JsonObject { ["code"] = DemoJson.Text(a), ["status"] = "in-progress" },
            })]),
        });
    }

    // ---- tasks and hand-offs -----------------------------------------------------------------------------------------

    /// <summary>A task with one owner; <paramref name="status"/> ready, accepted, in-progress or completed.</summary>
    public string Task(string by, int day, string at, string owner, string what, int dueDay, string dueAt, string status = "accepted", string? note = null, int? doneDay = null, string doneAt = "12:00", string? goal = null)
    {
        var person = Person(by);
        var id = Id("taak");
        var owns = Person(owner);
        // An open task stands where it was asked; a finished one where it was finished, in the name of who did it.
        Add(doneDay is { } d ? Days.At(d, doneAt) : Days.At(day, at), doneDay is null ? person : owns, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Task",
            ["id"] = id,
            ["status"] = doneDay is null ? status : "completed",
            ["intent"] = "order",
            ["basedOn"] = goal is null ? null : new JsonArray(new JsonObject { ["reference"] = goal }),
            ["description"] = what,
            ["for"] = Subject(),
            ["authoredOn"] = doneDay is null ? Stamp(day, at) : null,
            ["lastModified"] = doneDay is { } done ? Stamp(done, doneAt) : Stamp(day, at),
            ["requester"] = doneDay is null ? Ref(person) : null,
            ["owner"] = Ref(owns),
            ["restriction"] = new JsonObject { ["period"] = new JsonObject { ["end"] = Stamp(dueDay, dueAt) } },
            ["note"] = Notes(note, doneDay is null ? null : $"Gevraagd door {person.DisplayName}."),
        });
        return id;
    }

    /// <summary>A task as the portal writes one: for a person, a role of the team or the queue of an organisation.</summary>
    public string Asks(string by, int day, string at, string what, int dueDay, string dueAt, string? owner = null, Discipline? role = null, string? organisation = null, TaskState state = TaskState.Requested,
        TaskPriority priority = TaskPriority.Routine, string? detail = null, string? reason = null, RepeatRule? repeat = null, string? goal = null, params string[] checks)
    {
        var person = Person(by);
        var id = Id("taak");
        var (asked, due) = (Days.At(day, at).UtcDateTime, Days.At(dueDay, dueAt).UtcDateTime);
        var task = new CareTask
        {
            Id = id, Patient = new PatientId(Who.Id), State = state, Title = what, Detail = detail, Priority = priority, Requester = Party(person), AuthoredOn = asked, DueAt = due,
            Owner = owner is not null ? Party(Person(owner)) : role is { } wanted ? TaskParty.OfRole(wanted, Platform.SignIn.Roles.Title(wanted)) : TaskParty.OfOrganisation(DemoPeople.Organisations[organisation!].Name),
            AcceptBy = state == TaskState.Requested ? Days.At(day + 2, at).UtcDateTime : null, AcceptedAt = state.IsTaken() ? asked : null, ClosedAt = state.IsOpen() ? null : asked.AddHours(1), Reason = reason,
            // A list that somebody began has its first line ticked.
            Checklist = [.. checks.Select((c, i) => i == 0 && state == TaskState.InProgress ? new ChecklistItem(c, asked.AddMinutes(20), Person(owner ?? by).DisplayName) : new ChecklistItem(c))],
            Repeat = repeat, SeriesStart = repeat is null ? null : due, Goal = goal,
        };
        var json = (JsonObject)JsonNode.Parse(TaskFhir.Write(task, null, asked))!;
        json["id"] = id;
        Add(Days.At(day, at), person, Seen.ByAll, json);
        return id;
    }

    /// <summary>What is measured from now on, how often and by whom, with its limits.</summary>
    public void Measures(string by, int day, string at, string loinc, RepeatRule repeat, string[] measurers, params AlertRule[] rules)
    {
        var person = Person(by);
        var moment = Days.At(day, at).UtcDateTime;
        var id = Id("meetplan");
        var json = (JsonObject)JsonNode.Parse(MeasuringPlanFhir.Write(new MeasuringPlan
        {
            Id = id, Patient = new PatientId(Who.Id), Loinc = loinc, Repeat = repeat, By = [.. measurers.Select(m => Party(Person(m)))], Requester = Party(person), AuthoredOn = moment,
            Rules = [.. rules.Select(r => r with { Threshold = r.Threshold with { Since = moment } })],
        }, null))!;
        json["id"] = id;
        Add(Days.At(day, at), person, Seen.ByAll, json);
    }

    /// <summary>Who has a role in the team.</summary>
    public static TaskParty Whoever(Discipline role) => TaskParty.OfRole(role, Platform.SignIn.Roles.Title(role));

    private static TaskParty Party(DemoPerson person) => new() { Kind = Platform.Data.OwnerKind.Person, Person = new PersonId(person.UserName), Reference = person.Reference, Display = person.DisplayName, Line = person.Line };

    /// <summary>A hand-off, as offered or as accepted with its read-back.</summary>
    public void Handoff(string from, string to, int day, string at, string what, string summary, int beforeDay, string beforeAt, string? readBack = null, DemoStory? story = null, Seen seen = Seen.ByProfessionals)
    {
        var sender = Person(from);
        Add(Days.At(day, at), sender, seen, new JsonObject
        {
            ["resourceType"] = "Task",
            ["id"] = Id("overdracht"),
            ["status"] = readBack is null ? "requested" : "in-progress",
            ["businessStatus"] = DemoJson.Concept(DemoJson.Base + "CodeSystem/handoff-status", readBack is null ? "offered" : "accepted", readBack is null ? "aangeboden" : "aanvaard"),
            ["intent"] = "order",
            ["code"] = DemoJson.Concept(DemoJson.Base + "CodeSystem/task-kind", "handoff", "Overdracht"),
            ["description"] = what,
            ["for"] = Subject(),
            ["authoredOn"] = Stamp(day, at),
            ["lastModified"] = Stamp(day, at),
            ["requester"] = Ref(sender),
            ["owner"] = Ref(Person(to)),
            ["note"] = Notes(summary, readBack is null ? null : $"Teruggelezen door {Person(to).DisplayName}: “{readBack}”"),
            ["input"] = story?.Inputs(summary, (d, t) => Stamp(d, t), Person, p => Ref(p)),
            ["restriction"] = new JsonObject { ["period"] = new JsonObject { ["end"] = Stamp(beforeDay, beforeAt) } },
            ["output"] = readBack is null ? null : new JsonArray(new JsonObject { ["type"] = DemoJson.Text("Teruglezing"), ["valueString"] = readBack }),
        });
    }

    // ---- medication --------------------------------------------------------------------------------------------------

    /// <summary>What the patient takes: a line of the medication scheme.</summary>
    public void Takes(string by, int since, string name, string? atc, string dosage, string? reason = null)
    {
        var person = Person(by);
        Add(Days.At(since, "10:05"), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "MedicationStatement",
            ["id"] = Id("medicatie"),
            ["status"] = "active",
            ["medicationCodeableConcept"] = Medicine(name, atc),
            ["subject"] = Subject(),
            ["effectivePeriod"] = new JsonObject { ["start"] = Stamp(since, "10:05") },
            ["informationSource"] = Ref(person),
            ["reasonCode"] = reason is null ? null : new JsonArray(DemoJson.Text(reason)),
            ["dosage"] = new JsonArray(new JsonObject { ["text"] = dosage }),
        });
    }

    /// <summary>A prescription or a change of one.</summary>
    public void Prescribe(string by, int day, string at, string name, string? atc, string dosage, string? note = null, int? untilDay = null)
    {
        var person = Person(by);
        Add(Days.At(day, at), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "MedicationRequest",
            ["id"] = Id("voorschrift"),
            ["status"] = untilDay is < 0 ? "completed" : "active",
            ["intent"] = "order",
            ["medicationCodeableConcept"] = Medicine(name, atc),
            ["subject"] = Subject(),
            ["authoredOn"] = Stamp(day, at),
            ["requester"] = Ref(person),
            ["note"] = Notes(note),
            ["dosageInstruction"] = new JsonArray(new JsonObject { ["text"] = dosage }),
            ["dispenseRequest"] = untilDay is null ? null : new JsonObject { ["validityPeriod"] = new JsonObject { ["start"] = Stamp(day, at), ["end"] = Stamp(untilDay.Value, "23:59") } },
        });
    }

    /// <summary>A medicine stopped, with the reason.</summary>
    public void Stop(string by, int day, string at, string name, string? atc, string reason)
    {
        var person = Person(by);
        Add(Days.At(day, at), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "MedicationRequest",
            ["id"] = Id("voorschrift"),
            ["status"] = "stopped",
            ["statusReason"] = DemoJson.Text(reason),
            ["intent"] = "order",
            ["medicationCodeableConcept"] = Medicine(name, atc),
            ["subject"] = Subject(),
            ["authoredOn"] = Stamp(day, at),
            ["requester"] = Ref(person),
            ["note"] = Notes($"Gestopt: {reason}"),
        });
    }

    public void Vaccine(string by, int day, string name)
    {
        var person = Person(by);
        Add(Days.At(day, "11:15"), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Immunization",
            ["id"] = Id("vaccin"),
            ["status"] = "completed",
            ["vaccineCode"] = DemoJson.Text(name),
            ["patient"] = Subject(),
            ["occurrenceDateTime"] = Stamp(day, "11:15"),
            ["performer"] = new JsonArray(new JsonObject { ["actor"] = Ref(person) }),
        });
    }

    public void Procedure(string by, int day, string at, string what, string? note = null)
    {
        var person = Person(by);
        Add(Days.At(day, at), person, Seen.ByAll, new JsonObject
        {
            ["resourceType"] = "Procedure",
            ["id"] = Id("ingreep"),
            ["status"] = "completed",
            ["code"] = DemoJson.Text(what),
            ["subject"] = Subject(),
            ["performedDateTime"] = Stamp(day, at),
            ["performer"] = new JsonArray(new JsonObject { ["actor"] = Ref(person) }),
            ["note"] = Notes(note),
        });
    }

    // ---- documents ---------------------------------------------------------------------------------------------------

    /// <summary>A letter as a real PDF. A paragraph that starts with # is a heading.</summary>
    public void Letter(string by, int day, string at, string title, string loinc, string loincText, Seen seen, params string[] paragraphs)
    {
        var person = Person(by);
        var id = Id("brief");
        var pdf = DemoPdf.Letter(person.Organisation ?? person.DisplayName, title,
        [
            $"Betreft: {Who.Name}, geboren op {Who.Born.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}, {Who.Street}, {Who.PostalCode} {Who.City}",
            $"Datum: {Days.Numeric(day)}",
            $"Auteur: {person.DisplayName}, {person.Role}",
        ], paragraphs);
        Add(Days.At(day, at), person, seen, new JsonObject
        {
            ["resourceType"] = "DocumentReference",
            ["id"] = id,
            ["status"] = "current",
            ["docStatus"] = "final",
            ["type"] = DemoJson.Concept(DemoJson.Loinc, loinc, loincText),
            ["subject"] = Subject(),
            ["date"] = Stamp(day, at),
            ["author"] = new JsonArray(Ref(person)),
            ["custodian"] = Organisation(person),
            ["content"] = new JsonArray(new JsonObject
            {
                ["attachment"] = new JsonObject { ["contentType"] = "application/pdf", ["language"] = "nl-BE", ["data"] = Convert.ToBase64String(pdf), ["size"] = pdf.Length, ["title"] = title, ["creation"] = Stamp(day, at) },
            }),
        });
    }

    // ---- small shapes ------------------------------------------------------------------------------------------------

    private DemoPerson Person(string key) => _relatives.GetValueOrDefault(key) ?? DemoPeople.All[key];

    private static JsonObject Ref(DemoPerson person) => new() { ["reference"] = person.Reference, ["display"] = person.DisplayName };

    private static JsonObject? Organisation(DemoPerson person) =>
        person.OrganisationId is null ? null : new JsonObject { ["reference"] = $"Organization/{person.OrganisationId}", ["display"] = person.Organisation };

    private JsonObject Subject() => new() { ["reference"] = $"Patient/{Who.Id}", ["display"] = Who.Name };

    private static JsonObject Medicine(string name, string? atc) => atc is null ? DemoJson.Text(name) : DemoJson.Concept(DemoJson.Atc, atc, name);

    private static JsonArray? Notes(params string?[] texts)
    {
        var notes = new JsonArray([.. texts.OfType<string>().Select(t => (JsonNode)new JsonObject { ["text"] = t })]);
        return notes.Count == 0 ? null : notes;
    }

    private string Id(string kind)
    {
        var number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
        return $"{Who.Id}.{kind}.{number}";
    }

    private string Stamp(int day, string at) => Days.At(day, at).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private string Date(int day) => Date(Days.Day(day));

    private static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Files a resource at its time, with its confidentiality, and with the care line where the portal does not know the author.</summary>
    private void Add(DateTimeOffset at, DemoPerson? author, Seen seen, JsonObject resource)
    {
        if (seen != Seen.ByAll)
            resource["meta"] = DemoJson.Confidential();
        if (author is { HasAccount: false, Line: { } line } && author.Discipline is not (Discipline.Patient or Discipline.InformalCaregiver))
        {
            if (resource["extension"] is not JsonArray extensions)
                resource["extension"] = extensions = [];
            extensions.Add(DemoJson.CareLine(line));
        }

        _timed.Add((at, resource));
    }
}
