using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Import;

/// <summary>What became of one resource of an input.</summary>
internal enum Taken
{
    Created,
    NewVersion,

    /// <summary>The same content is stored already, now or in an older version.</summary>
    Unchanged,

    /// <summary>Another, unrelated resource has this id: kept under an id of its own.</summary>
    KeptApart,
    Refused,
}

/// <summary>What became of one resource of an input, and why.</summary>
/// <param name="Place">Where in the input.</param>
/// <param name="Reason">For a refusal or a resource kept apart: why, in a line.</param>
/// <param name="Patient">Whose file it is in.</param>
internal sealed record TakenItem(string Place, Taken Outcome, string? Type, string? Id, int Version, string? Reason, PatientId? Patient, IReadOnlyList<string> Oddities);

/// <summary>A resource ready to be taken in, and what its references mean.</summary>
/// <param name="Patient">The patient that its reference resolves to; null when there is none.</param>
/// <param name="PatientDisplay">What the source calls that patient, for a file that only references name.</param>
/// <param name="Fallback">Who speaks for entries that name nobody: where the contact took place, else the name of the input.</param>
/// <param name="Belonging">Resources that are part of this one (<c>Type/id</c>): those that name no patient themselves belong to the same patient.</param>
internal sealed record Ready(string Place, Prepared Prepared, PatientId? Patient, string? PatientDisplay, Named? Fallback, IReadOnlyList<string>? Belonging = null);

/// <summary>
/// Takes resources into the store by the rules of identity (contract.md): an id is kept; equal content is skipped; other content is a new version;
/// unrelated resources that clash on an id are kept apart and reported.
/// </summary>
internal sealed class TakeIn(CareDesk desk, Filing filing)
{
    /// <summary>Takes in all of these in one transaction; with <paramref name="allOrNothing"/> a refusal undoes everything.</summary>
    /// <param name="ties">What earlier batches of the same input told; one per input, when it comes in several.</param>
    /// <exception cref="TakeInRefused">Something was refused and <paramref name="allOrNothing"/> asked to stop there.</exception>
    public Task<IReadOnlyList<TakenItem>> RunAsync(IReadOnlyList<Ready> items, IntakeAuthority authority, bool allOrNothing, CancellationToken ct, InputTies? ties = null) =>
        desk.TakeInAsync(authority, intake => Put(intake, items, allOrNothing, ties), ct);

    /// <summary>The same inside a transaction that the caller opened at the desk.</summary>
    public IReadOnlyList<TakenItem> Put(Intake intake, IReadOnlyList<Ready> items, bool allOrNothing, InputTies? ties = null)
    {
        ties ??= new InputTies();
        var taken = new List<TakenItem>(items.Count);
        foreach (var item in items)
        {
            if (item.Patient is { } whose)
                ties.Remember(item.Belonging, whose);
        }

        foreach (var item in InOrder(items))
        {
            var own = item.Patient is null && IsPersonal(item.Prepared.Resource.Type) && ties.Belonging.TryGetValue(KeyOf(item), out var owner) ? item with { Patient = owner } : item;
            var outcome = One(intake, own, ties.Apart);
            if (allOrNothing && outcome.Outcome == Taken.Refused)
                throw new TakeInRefused(outcome);
            taken.Add(outcome);
            if (outcome is { Outcome: not Taken.Refused, Patient: { } patient } && own.Belonging is { Count: > 0 } parts)
            {
                ties.Remember(parts, patient);
                Adopt(intake, parts, patient);
            }
        }

        return taken;
    }

    /// <summary>A Patient before what belongs to it, so that a file does not begin as an unknown one, and an answer that comes before what it answers to the end; otherwise the order of the input.</summary>
    private static IEnumerable<Ready> InOrder(IReadOnlyList<Ready> items)
    {
        var last = items.Any(i => i.Prepared.Answers is not null) ? items.Index().GroupBy(i => KeyOf(i.Item), i => i.Index, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(), StringComparer.Ordinal) : null;
        return items.Index().OrderBy(i => i.Item.Prepared.Facts.Type == "Patient" ? 0 : i.Item.Prepared.Answers is { } answers && last!.TryGetValue(answers, out var at) && at > i.Index ? 2 : 1).Select(i => i.Item);
    }

    private static string KeyOf(Ready item) => $"{item.Prepared.Resource.Type}/{item.Prepared.Resource.Id}";

    /// <summary>Files what is stored without a patient with the one whose plan, report or document it is part of. Of other people's unfiled resources nobody can do so.</summary>
    private void Adopt(Intake intake, IReadOnlyList<string> parts, PatientId patient)
    {
        foreach (var part in parts)
        {
            if (EntryReference.Split(part) is not var (type, id) || !IsPersonal(type) || CareStore.Find(intake.Session, type, id) is not { Patient: null } stored
                || (intake.Authority.By is { } actor && stored.BroughtBy != actor.Person))
                continue;
            var prepared = filing.Prepare(CareStore.Json(intake.Session, stored), null, "import");
            prepared = prepared with { Resource = prepared.Resource with { Id = id } };
            CareStore.File(intake.Session, stored, patient);
            filing.PutEntry(intake.Session, patient, prepared, stored.Version, () => intake.NextCursor(patient), intake.Now, null);
        }
    }

    private TakenItem One(Intake intake, Ready item, IDictionary<PatientId, PatientId> aparts)
    {
        var prepared = item.Prepared;
        var (type, id) = (prepared.Resource.Type, prepared.Resource.Id);
        // What names a patient who was kept apart is about that one, and must never come into the file of whoever had the id before.
        var patient = type == "Patient" ? PatientId.TryParse(id) : item.Patient is { } named && aparts.TryGetValue(named, out var moved) ? moved : item.Patient;
        TakenItem Outcome(Taken outcome, int version, string? reason = null) => new(item.Place, outcome, type, prepared.Resource.Id, version, reason, patient, prepared.Facts.Oddities);

        var present = CareStore.Find(intake.Session, type, id);
        if (intake.Authority.By is { } person)
        {
            // What a person may not see is not there: the id is free to them, and what they bring gets one of their own. Not a word says so.
            if (type == "Patient" ? IsClosed(intake.Session, intake.Rules, person, new PatientId(id), intake.Now) : present is not null && !Sees(intake.Session, intake.Rules, person, present, intake.Now))
            {
                if (type == "Patient")
                    intake.MayFile(new PatientId(id)); // the attempt is in that file's record
                prepared = prepared with { Resource = prepared.Resource with { Id = id = OwnId(intake.Session, intake.Rules, person, type, id, intake.Now) } };
                present = CareStore.Find(intake.Session, type, id);
                if (type == "Patient")
                    aparts[new PatientId(item.Prepared.Resource.Id)] = (patient = new PatientId(id)).Value;
            }
            else if (patient is { } asked && IsClosed(intake.Session, intake.Rules, person, asked, intake.Now) && new PatientId(OwnId(intake.Session, intake.Rules, person, "Patient", asked.Value, intake.Now)) is var own && !intake.ReachOf(person, own).IsEmpty)
            {
                patient = own; // whom they brought before under that id
            }
        }

        if (patient is { } unopened && !MayOpen(intake, unopened))
            return Outcome(Taken.Refused, 0, type == "Patient" ? NotAnswering : "not-found");
        if (patient is { } file && !intake.MayFile(file))
            return Outcome(Taken.Refused, 0, "not-found");
        if (present is not null && IsStored(intake, present, prepared))
        {
            if (type == "Patient")
                aparts.Remove(new PatientId(id)); // an id of one's own is nobody's name in the input
            return Outcome(Taken.Unchanged, present.Version);
        }

        var apart = present is not null && !Related(intake, present, prepared, patient);
        if (!apart && type == "Patient")
            aparts.Remove(new PatientId(id));
        if (apart)
        {
            prepared = prepared with { Resource = prepared.Resource with { Id = $"{id[..Math.Min(id.Length, 47)]}-{Convert.ToHexStringLower(prepared.Facts.Hash.AsSpan(0, 8))}" } };
            if (type == "Patient")
                aparts[new PatientId(id)] = (patient = new PatientId(prepared.Resource.Id)).Value;
            if (patient is { } newcomer && !MayOpen(intake, newcomer))
                return Outcome(Taken.Refused, 0, type == "Patient" ? NotAnswering : "not-found");
            if (patient is { } other && !intake.MayFile(other))
                return Outcome(Taken.Refused, 0, "not-found");
            present = CareStore.Find(intake.Session, type, prepared.Resource.Id);
            if (present is not null && IsStored(intake, present, prepared))
                return Outcome(Taken.Unchanged, present.Version);
        }

        if ((Trespass(intake, prepared, present, patient) ?? (intake.Authority.By is { } bringer ? filing.Refuses(intake.Session, prepared, present is not null, bringer) : null)) is { } trespass)
            return Outcome(Taken.Refused, present?.Version ?? 0, trespass);
        prepared = AsAnswer(intake, prepared, patient);
        KeepFile(intake, prepared, patient, item.PatientDisplay);
        var version = 1;
        if (present is null)
        {
            CareStore.Insert(intake.Session, prepared.Resource, patient, patient is null && IsPersonal(type) ? intake.Authority.By?.Person ?? intake.Authority.Team.Cast<PersonId?>().FirstOrDefault() : null, intake.Now);
        }
        else
        {
            version = present.Version + 1;
            CareStore.Replace(intake.Session, present, prepared.Resource, patient, intake.Authority.By?.Person, intake.Now);
        }

        // What a source that the operator reads in says of somebody here fills in what they did not say themselves; a person who sends something does not say it for others.
        if (!prepared.Contact.IsEmpty && intake.Authority.By is null)
            CareStore.FillContact(intake.Session, new PersonId(prepared.Resource.Id), type, prepared.Contact.Phone, prepared.Contact.Email, intake.Now);
        if (patient is { } owner)
            filing.PutEntry(intake.Session, owner, prepared, version, () => intake.NextCursor(owner), intake.Now, item.Fallback, intake.Authority.By?.Person);
        return Outcome(apart ? Taken.KeptApart : present is null ? Taken.Created : Taken.NewVersion, version, apart ? $"another {type} with id {id} is stored already; this one is kept as {prepared.Resource.Id}" : null);
    }

    private const string NotAnswering = "forbidden: Rule: whoever opens a file is accountable for its patient until care is handed over, so a professional who can answer for care opens it; family, patients, aides, mutuality and officers do not. Ask a professional of the team";

    /// <summary>
    /// Exactly one professional answers for every patient: a person who cannot does not open a new file. A file that is closed to them does not
    /// exist for them, so that the answer tells nothing.
    /// </summary>
    private static bool MayOpen(Intake intake, PatientId patient) =>
        intake.Authority.By is not { } actor || SharingRules.AnswersForCare(actor.Discipline) || CareStore.FindPatient(intake.Session, patient).Exists;

    /// <summary>Whether a person sees what is stored: in an open file and within the reach there, in the common directory, or brought by themselves.</summary>
    public static bool Sees(DbSession session, SharingRules rules, Actor actor, StoredResource stored, DateTime now) => stored.Patient is { } patient
        ? Intake.ReachOf(session, rules, actor, patient, now) is { IsEmpty: false } reach
            && (reach.Sees(stored.Audience, stored.Category) || (stored.Type == "Task" && TaskSql.IsOwnConcept(session, stored.Id, actor.Person)))
        : stored.BroughtBy is { } by ? by == actor.Person : !IsPersonal(stored.Type);

    private static bool IsClosed(DbSession session, SharingRules rules, Actor actor, PatientId patient, DateTime now) =>
        CareStore.FindPatient(session, patient).Exists && Intake.ReachOf(session, rules, actor, patient, now).IsEmpty;

    /// <summary>The id under which a person's resource is kept when what has the id is not there for them: the same at every repetition, and not one that others could have taken on purpose.</summary>
    public static string OwnId(DbSession session, SharingRules rules, Actor actor, string type, string id, DateTime now)
    {
        for (var n = 0; ; n++)
        {
            var own = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.Person}\n{type}/{id}\n{n}")).AsSpan(0, 16)).ToString();
            if (type == "Patient" ? !IsClosed(session, rules, actor, new PatientId(own), now) : CareStore.Find(session, type, own) is not { } present || Sees(session, rules, actor, present, now))
                return own;
        }
    }

    /// <summary>
    /// An answer reaches nobody whom the question does not: it names the question. To a person, what their role does not see is not there, so their answer to it answers nothing.
    /// </summary>
    private static Prepared AsAnswer(Intake intake, Prepared prepared, PatientId? patient)
    {
        if (prepared.Answers is not { } answers || EntryReference.Split(answers) is not var (type, id) || CareStore.FindEntry(intake.Session, type, id) is not { } root || root.PatientId != patient)
            return prepared;
        if (intake.Authority.By is { } actor && !intake.ReachOf(actor, root.PatientId).Sees(root.Audience, root.Category))
            return prepared with { Answers = null };
        return prepared with
        {
            Resource = prepared.Resource with { Audience = prepared.Resource.Audience & root.Audience },
            Entry = prepared.Entry is { } entry ? entry with { Audience = entry.Audience & root.Audience } : null,
        };
    }

    /// <summary>Whether this content is there already, now or in an older version.</summary>
    private static bool IsStored(Intake intake, StoredResource present, Prepared next) =>
        present.Hash.AsSpan().SequenceEqual(next.Facts.Hash) || CareStore.HadContent(intake.Session, present.Type, present.Id, next.Facts.Hash);

    /// <summary>
    /// What a person may not do by sending data: speak in the name of somebody else of the portal, change what somebody else of the portal wrote,
    /// or change what their role does not see. The operator's import carries what its source says.
    /// </summary>
    private static string? Trespass(Intake intake, Prepared prepared, StoredResource? present, PatientId? patient)
    {
        if (present is not null && prepared.Resource.Type is ("PlanDefinition" or "Questionnaire") && TemplateSql.IsKept(intake.Session, prepared.Resource.Type, prepared.Resource.Id))
            return "forbidden: this template is the portal's own, and is changed in the portal by who keeps the templates";
        if (intake.Authority.By is not { } actor)
            return null;
        if (prepared.Author?.Person is { } author && author != actor.Person)
            return "forbidden: this names somebody else of this portal as its author";
        if (prepared is { Resource.Type: "Provenance", Entry: not null })
            return "forbidden: the steps of tasks and hand-offs are written by the portal when they happen";
        var about = present?.Patient ?? patient;
        if (about is { } file && !intake.Rules.MayWrite(SharingRules.RoleIn(actor, file), actor.Line, prepared.Resource.Category))
            return $"forbidden: {Words(intake.Rules.Cite(SharingRules.RoleIn(actor, file), actor.Line, CareAction.Write, prepared.Resource.Category))} does not let your role write this kind of information";
        if (present is null)
            return null;
        if (present is { Patient: null, BroughtBy: null } && (actor.IsLimited || !intake.Rules.May(actor, CareAction.Write)))
            return "forbidden: your role does not change what everyone shares";
        if (present.Patient is not null && !Sees(intake.Session, intake.Rules, actor, present, intake.Now))
            return "not-found";
        if (present.Patient is null && present.BroughtBy is { } brought && brought != actor.Person)
            return "not-found";
        return CareStore.FindEntry(intake.Session, present.Type, present.Id) is { AuthorId: { } writer } && writer != actor.Person
            ? "forbidden: an entry is changed by who wrote it, and by nobody else" : null;
    }

    private static string Words(RuleCitation rule) => rule.Rule is { } number ? $"rule {number}, version {rule.Version}" : $"version {rule.Version} of the sharing rules";

    /// <summary>Whether two resources under one id are versions of the same thing.</summary>
    private static bool Related(Intake intake, StoredResource present, Prepared next, PatientId? patient)
    {
        if (next.Resource.Type != "Patient" && present.Patient is not null)
            return present.Patient == patient;
        if (present.Hash.AsSpan().SequenceEqual(next.Facts.Hash))
            return true;
        if (next.Resource.Type != "Patient" && patient is not null && present.Patient is null)
            return true; // it found its patient
        var before = ResourceReader.Read(CareStore.Json(intake.Session, present), out var document);
        using (document)
        {
            if (before.Identifiers.Any(i => next.Facts.Identifiers.Any(n => n.System == i.System && n.Code == i.Code)))
                return true;
            if (next.Patient is { } facts)
            {
                var known = PatientReader.Read(document.RootElement);
                return known.BirthDate == facts.BirthDate && (NameFolding.Fold(known.FamilyName) == NameFolding.Fold(facts.FamilyName) || NameFolding.Fold(known.DisplayName) == NameFolding.Fold(facts.DisplayName));
            }

            var (old, now) = (TimelineFhir.WordsOf(document.RootElement), next.Words);
            return old is null || now is null || NameFolding.Fold(old) == NameFolding.Fold(now);
        }
    }

    private static void KeepFile(Intake intake, Prepared prepared, PatientId? patient, string? display)
    {
        if (patient is not { } id)
            return;
        if (prepared.Patient is { } p)
        {
            var name = SafeText.Line(p.DisplayName, 200) is { Length: > 0 } shown ? shown : id.Value;
            intake.KeepPatient(new PatientRow
            {
                Id = id, FamilyName = p.FamilyName, GivenName = p.GivenName, DisplayName = name, SortName = NameFolding.Fold($"{p.FamilyName} {p.GivenName}".Trim() is { Length: > 0 } sort ? sort : name),
                BirthDate = p.BirthDate, BirthDatePrecision = p.BirthDatePrecision, Gender = p.Gender, Deceased = p.Deceased, DeceasedOn = p.DeceasedOn, Insz = p.Insz, City = p.City, AddressLine = p.AddressLine, Phone = p.Phone,
                HasResource = true, LastChangeAt = intake.Now,
            });
        }
        else if (!CareStore.FindPatient(intake.Session, id).Exists)
        {
            // Named by a reference only: a file under that id, called as the source calls it. Nothing else is made up.
            var name = SafeText.Line(display, 200) is { Length: > 0 } shown ? shown : id.Value;
            intake.KeepPatient(new PatientRow { Id = id, DisplayName = name, SortName = NameFolding.Fold(name), HasResource = false, LastChangeAt = intake.Now });
        }
    }

    /// <summary>Types that say something about a person even when no patient could be found: these are never in the common directory.</summary>
    internal static bool IsPersonal(string type) => !Directory.Contains(type);

    private static readonly HashSet<string> Directory = new(StringComparer.Ordinal)
    {
        "ActivityDefinition", "CapabilityStatement", "ChargeItemDefinition", "CodeSystem", "ConceptMap", "Endpoint", "EffectEvidenceSynthesis", "EventDefinition", "Evidence", "EvidenceVariable", "ExampleScenario", "GraphDefinition",
        "HealthcareService", "ImplementationGuide", "InsurancePlan", "Library", "Location", "Measure", "Medication", "MedicationKnowledge", "MessageDefinition", "NamingSystem", "OperationDefinition", "Organization", "OrganizationAffiliation",
        "PlanDefinition", "Practitioner", "PractitionerRole", "Questionnaire", "ResearchDefinition", "ResearchElementDefinition", "RiskEvidenceSynthesis", "Schedule", "SearchParameter", "Slot", "SpecimenDefinition", "StructureDefinition",
        "StructureMap", "Substance", "TerminologyCapabilities", "TestReport", "TestScript", "ValueSet", "OperationOutcome", "Parameters", "Subscription",
    };
}

/// <summary>What one part of an input tells of another that comes in a later batch.</summary>
internal sealed class InputTies
{
    private const int Most = 100_000;

    /// <param name="before">The same input went on elsewhere: what it told of parts still holds.</param>
    public InputTies(InputTies? before = null)
    {
        Apart = before is null ? [] : new(before.Apart);
        Belonging = before?.Belonging ?? new(StringComparer.Ordinal);
    }

    /// <summary>Patients of this input that were kept apart, and under which id: what names them belongs to them.</summary>
    public Dictionary<PatientId, PatientId> Apart { get; }

    /// <summary>Whose plan, report or document something is part of, by <c>Type/id</c> of the part.</summary>
    public Dictionary<string, PatientId> Belonging { get; private init; }

    /// <summary>Another place with patients of its own, in the same run.</summary>
    public static InputTies For(Dictionary<string, PatientId> belonging) => new() { Belonging = belonging };

    public void Remember(IReadOnlyList<string>? parts, PatientId patient)
    {
        foreach (var part in parts ?? [])
        {
            if (Belonging.Count < Most)
                Belonging[part] = patient;
        }
    }
}

/// <summary>A transaction was undone because of this item.</summary>
internal sealed class TakeInRefused(TakenItem item) : Exception($"{item.Place}: {item.Reason}")
{
    public TakenItem Item { get; } = item;
}
