using System.Text;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Files;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What is known of whom or what a reference names.</summary>
internal sealed record Named(string? Name, string? Role = null, CareLine? Line = null, Discipline Discipline = Discipline.Unknown, PersonId? Person = null, string? Source = null);

/// <summary>A file inside a resource.</summary>
internal sealed record EnclosedFile(string Name, string ContentType, byte[] Bytes);

/// <summary>A resource made ready to be stored: what is indexed of it, and its line on the timeline if it has one. Made outside the transaction.</summary>
internal sealed record Prepared
{
    public required FiledResource Resource { get; init; }
    public required ResourceFacts Facts { get; init; }
    public EntryFacts? Entry { get; init; }
    public PatientFacts? Patient { get; init; }
    public Named? Author { get; init; }
    public string? Source { get; init; }
    public IReadOnlyList<FhirReference> Recipients { get; init; } = [];
    public IReadOnlyList<string> Mentions { get; init; } = [];
    public string? StatusReason { get; init; }

    /// <summary>What tells the patient that the resource carries inside itself from others; null when it carries none.</summary>
    public string? ContainedPatient { get; init; }

    /// <summary>What the source calls the patient.</summary>
    public string? PatientDisplay { get; init; }

    /// <summary>The entry that this one answers, <c>Type/id</c>.</summary>
    public string? Answers { get; init; }
    public IReadOnlyList<EnclosedFile> Files { get; init; } = [];
    public IReadOnlyList<(string Id, string? Name)> FileReferences { get; init; } = [];

    /// <summary>Words by which other resources may name this one.</summary>
    public string? Words { get; init; }

    /// <summary>Where the person of a directory or of a family can be reached: of a Practitioner or RelatedPerson.</summary>
    public ContactDetails Contact { get; init; }

    /// <summary>What a projection made of it, when there is one for its type.</summary>
    public object? Projected { get; init; }
}

/// <summary>Rows that a feature keeps of the resources of one type, beside the timeline: written in the same transaction, whoever brings the resource.</summary>
internal interface IProjection
{
    /// <summary>FHIR type.</summary>
    string Type { get; }

    /// <summary>Reads what it needs, outside the transaction; null when this resource is none of its.</summary>
    object? Read(FhirNode root, string id);

    /// <summary>Why a person may not bring it in a Bundle; null when they may. Sources that the operator imports are not asked.</summary>
    string? Refuses(DbSession session, object read, bool isPresent, Actor by);

    /// <summary>Writes its rows.</summary>
    /// <param name="entry">The line on the timeline.</param>
    void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now);
}

/// <summary>What a person may bring in one way only: such a resource in a Bundle would begin something without what belongs to it.</summary>
internal interface IBundleRule
{
    /// <summary>FHIR type.</summary>
    string Type { get; }

    /// <summary>Why a person may not bring it in a Bundle; null when they may. Sources that the operator imports are not asked.</summary>
    string? Refuses(ResourceFacts facts, Actor by);
}

/// <summary>Turns resources into rows: the store's record and the line on the timeline. The only place where an entry is made, whoever brings the resource.</summary>
internal sealed class Filing(PeopleDirectory people, RuleBook rules, IEnumerable<IProjection> projections, IEnumerable<IBundleRule>? bundleRules = null)
{
    private readonly Dictionary<string, IProjection> _projections = projections.ToDictionary(p => p.Type);

    internal const int LongestSearch = 60_000;

    /// <summary>Reads all that will be stored of a resource.</summary>
    /// <param name="json">The resource as it came.</param>
    /// <param name="fullUrl">Full URL in its Bundle; names it when it has no id of its own.</param>
    /// <param name="origin">portal, fhir, import or demo.</param>
    /// <param name="names">What the input itself knows of whom a reference names.</param>
    /// <param name="resolve"><c>Type/id</c> of a reference that says it otherwise (a full URL of the Bundle).</param>
    /// <exception cref="FhirFormatException">The bytes are not FHIR.</exception>
    public Prepared Prepare(ReadOnlyMemory<byte> json, string? fullUrl, string origin, Func<FhirReference, Named?>? names = null, Func<FhirReference, string?>? resolve = null)
    {
        var facts = ResourceReader.Read(json, out var document);
        using (document)
            return Prepare(json, document, facts, fullUrl, origin, names, resolve);
    }

    /// <summary>What the portal itself writes under an id of its own.</summary>
    /// <param name="id">The id, new or that of the stored resource.</param>
    public Prepared PrepareAs(byte[] json, string id, string origin)
    {
        var prepared = Prepare(json, "urn:uuid:" + id, origin);
        return prepared.Resource.Id == id ? prepared : prepared with { Resource = prepared.Resource with { Id = id } };
    }

    /// <summary>The same of an item of an input, which may have taken it apart already.</summary>
    /// <inheritdoc cref="Prepare(ReadOnlyMemory{byte}, string?, string, Func{FhirReference, Named?}?, Func{FhirReference, string?}?)"/>
    public Prepared Prepare(FhirItem item, string origin, Func<FhirReference, Named?>? names = null, Func<FhirReference, string?>? resolve = null) =>
        item.Document is { } document
            ? Prepare(item.Json, document, ResourceReader.Read(item), item.FullUrl, origin, names, resolve)
            : Prepare(item.Json, item.FullUrl, origin, names, resolve);

    private Prepared Prepare(ReadOnlyMemory<byte> json, FhirDocument document, ResourceFacts facts, string? fullUrl, string origin, Func<FhirReference, Named?>? names, Func<FhirReference, string?>? resolve)
    {
        var root = document.RootElement;
        var entry = TimelineFhir.Describe(root, facts, reference => NameOf(reference, names)?.Name);
        if (entry is not null && IsConcept(root, facts))
            entry = entry with { Audience = Audience.None };
        var (audience, category) = entry is not null ? (entry.Audience, entry.Category) : IsConcept(root, facts) ? (Audience.None, InformationCategory.Tasks) : Unshown(facts);
        var (containedPatient, containedName) = ContainedPatient(root, facts);
        var id = ResourceReader.IdentityOf(facts, fullUrl);
        return new Prepared
        {
            Projected = (entry is not null || facts.Type is "Task" or "Goal") && _projections.TryGetValue(facts.Type, out var projection) ? projection.Read(root, id) : null,
            ContainedPatient = containedPatient,
            PatientDisplay = facts.Patient?.Display ?? containedName,
            Facts = facts,
            Entry = entry,
            Patient = facts.Type == "Patient" ? PatientReader.Read(root) : null,
            Author = entry?.Author is { } author ? NameOf(author, names) : null,
            Source = entry?.Source is { } source ? NameOf(source, names)?.Name : null,
            Recipients = facts.Type switch
            {
                "Communication" => [.. root.Each("recipient"u8).Select(r => r.AsReference("recipient")).OfType<FhirReference>()],
                "Task" when root.Ref("owner"u8, "owner") is { } owner => [owner],
                _ => [],
            },
            Mentions = facts.Type == "Communication" ? Extensions(root, PortalCodes.Mention) : [],
            Answers = entry?.Answers is { } answers ? resolve?.Invoke(answers) ?? answers.Literal : null,
            StatusReason = root.First("statusReason"u8)?.ConceptWords(),
            Files = entry is null ? [] : Enclosed(root, facts.Type),
            FileReferences = facts.Type is "Communication" or "Task" ? BinaryReferences(root) : [],
            Words = TimelineFhir.WordsOf(root),
            Contact = facts.Type is "Practitioner" or "RelatedPerson" ? new(ContactDetails.ParsePhone(PatientReader.Telecom(root, "phone", "sms")), ContactDetails.ParseEmail(PatientReader.Telecom(root, "email"))) : default,
            Resource = new FiledResource
            {
                Type = facts.Type,
                Id = id,
                Json = json.ToArray(),
                Hash = facts.Hash,
                Origin = origin,
                Status = facts.Status is { Length: <= 64 } status ? status : null,
                DateFrom = facts.Date?.Start,
                DateTo = facts.Date?.End,
                Tokens = Tokens(facts),
                Audience = audience,
                Category = category,
                Identifiers = facts.Identifiers,
            },
        };
    }

    /// <summary>
    /// A Task that somebody of this portal has not asked yet, or dropped before asking: no reach sees it, so that no list, count or search has to
    /// remember to leave it out. Its requester finds it by the exceptions in TaskSql and FhirSql.
    /// </summary>
    private bool IsConcept(FhirNode root, ResourceFacts facts) =>
        facts.Type == "Task" && (facts.Status == "draft" || (facts.Status is "cancelled" or "entered-in-error" && TimelineFhir.Extension(root, PortalCodes.NeverAsked)?.Child("valueBoolean"u8)?.ValueKind == JsonValueKind.True))
        && people.FindByReference(root.Child("requester"u8)?.Text("reference"u8)) is not null;

    /// <summary>The same, seen by nobody.</summary>
    public static Prepared Unseen(Prepared prepared) =>
        prepared with { Resource = prepared.Resource with { Audience = Audience.None }, Entry = prepared.Entry is { } entry ? entry with { Audience = Audience.None } : null };

    /// <summary>Why a person may not bring this in a Bundle, by the rules of its feature; null when they may.</summary>
    public string? Refuses(DbSession session, Prepared prepared, bool isPresent, Actor by) =>
        (bundleRules ?? []).Where(r => r.Type == prepared.Resource.Type).Select(r => r.Refuses(prepared.Facts, by)).FirstOrDefault(r => r is not null)
            ?? (prepared.Projected is { } read ? _projections[prepared.Resource.Type].Refuses(session, read, isPresent, by) : null);

    /// <summary>Puts the line of a resource on its patient's timeline, or changes the line that is there.</summary>
    /// <param name="next">Takes the next number of the patient's commits; called only when there is a line.</param>
    /// <param name="by">Who brings it; null for a source.</param>
    /// <param name="fallback">Who speaks when the resource names nobody: the source of an import.</param>
    public EntryRow? PutEntry(DbSession session, PatientId patient, Prepared prepared, int version, Func<long> next, DateTime now, Named? fallback, PersonId? by = null)
    {
        var present = version == 1 ? null : CareStore.FindEntry(session, prepared.Resource.Type, prepared.Resource.Id);
        if (prepared.Entry is not { } facts)
        {
            // A new version that is no longer clinically dated: its line stays and is marked, nothing disappears.
            if (present is not null)
            {
                present.Cursor = next();
                present.Version = version;
                present.CorrectedAt = now;
                present.ChangedBy = by;
                CareStore.MarkCorrected(session, present);
            }

            // What has to be done has to be done without a date too: no line on the timeline, a row in the lists.
            if (prepared.Projected is { } undated)
                _projections[prepared.Resource.Type].Put(session, patient, undated, present ?? Undated(patient, prepared.Resource, version, next(), now), now);
            return present;
        }

        var seq = next();
        var row = present ?? new EntryRow { PatientId = patient, Seq = seq, ResourceType = prepared.Resource.Type, ResourceId = prepared.Resource.Id, Title = facts.Title, RecordedAt = now };
        var author = prepared.Author;
        var said = row.Title;
        row.Cursor = seq;
        row.Version = version;
        row.Time = facts.Time.Start;
        row.Precision = facts.Time.Precision;
        row.Until = facts.Until;
        row.Kind = (int)facts.Kind;
        row.Category = facts.Category;
        row.Audience = facts.Audience;
        row.Line = facts.Line ?? author?.Line ?? fallback?.Line;
        row.Discipline = facts.Discipline != Discipline.Unknown ? facts.Discipline : author?.Discipline ?? Discipline.Unknown;
        row.AuthorId = author?.Person;
        row.ChangedBy = by;
        row.AuthorName = SafeLine(author?.Name);
        row.AuthorRole = author?.Role;
        row.Source = SafeLine(prepared.Source ?? author?.Source ?? (author is null ? fallback?.Name : null));
        row.Title = SafeText.Line(facts.Title, 400);
        row.Text = facts.Text is null ? null : SafeText.Lines(facts.Text, 100_000);
        row.Values = facts.Values.Count == 0 ? null : JsonSerializer.Serialize(facts.Values, TimelineJson.Default.IReadOnlyListMeasuredValue);
        row.ReplyBy = facts.ReplyBy;
        row.Status = facts.Status;
        row.Retracted = facts.EnteredInError;
        row.RetractReason = facts.EnteredInError ? SafeLine(prepared.StatusReason) : null;
        // A task that moves on is not corrected: its steps have lines of their own. Another title is a correction.
        if (present is not null && !facts.EnteredInError && (prepared.Projected is null || said != row.Title || prepared.Resource.Type == "QuestionnaireResponse"))
            row.CorrectedAt = now;
        if (facts.Kind == EntryKind.Question)
        {
            row.AskedRole = QuestionRoles.AskedBy(prepared.Recipients);
            row.ReplyOwner = OwnerOf(session, patient, prepared, row, now);
        }
        else if (facts.Kind is EntryKind.Task or EntryKind.TaskDone or EntryKind.Handoff)
            row.ReplyOwner = prepared.Recipients.Select(r => people.FindByReference(r.Literal)?.Id).FirstOrDefault(owner => owner is not null);
        var before = row.AnswersSeq;
        if (prepared.Answers is { } answers && EntryReference.Split(answers) is var (type, id) && CareStore.FindEntry(session, type, id) is { } root && root.PatientId == patient && root.Seq != row.Seq)
            row.AnswersSeq = root.AnswersSeq ?? root.Seq;

        var attachments = Attach(session, patient, row, prepared, by, now);
        row.Attachments = attachments.Count == 0 ? null : JsonSerializer.Serialize(attachments, TimelineJson.Default.IReadOnlyListAttachment);
        row.Search = SearchText(row, facts);
        if (present is null)
            CareStore.InsertEntry(session, row);
        else
            CareStore.UpdateEntry(session, row);
        if (facts.Values.Count > 0 || (present is not null && prepared.Projected is null))
            CareStore.SetMeasurements(session, patient, row.Seq, [.. facts.Values.Select((v, i) => Measurement(row, v, i))], present is null);
        if (facts.Values.Count > 0 && prepared.Resource.Origin != "import")
            AlertSql.AskJudgement(session, patient, row.Seq); // the history that an operator loads is no news
        if (present is not null && prepared.Projected is null)
            CareStore.SetMentionsReach(session, row);
        foreach (var mention in prepared.Mentions)
        {
            if (people.FindByReference(mention) is { } person)
                CareStore.InsertMention(session, row, person.Id);
        }

        foreach (var question in new[] { before, row.AnswersSeq }.OfType<long>().Distinct())
            SettleQuestion(session, patient, question, next, by ?? row.AuthorId);
        if (present is not null && facts.Kind == EntryKind.Question)
            SettleQuestion(session, patient, row.Seq, next, by);
        if (prepared.Projected is { } projected)
            _projections[prepared.Resource.Type].Put(session, patient, projected, row, now);
        return row;
    }

    /// <summary>Stands for the line of a resource that states no date: number 0, which no entry has.</summary>
    internal static EntryRow Undated(PatientId patient, FiledResource resource, int version, long cursor, DateTime now) => new()
    {
        PatientId = patient, Seq = 0, ResourceType = resource.Type, ResourceId = resource.Id, Title = resource.Type, RecordedAt = now, Time = now, Cursor = cursor, Version = version,
        Audience = resource.Audience, Category = resource.Category, Retracted = resource.Status == "entered-in-error",
    };

    /// <summary>Who must answer a question: whom it asks when that person is on the team and may see it, else who is accountable for the patient. Never nobody while somebody is accountable.</summary>
    private PersonId? OwnerOf(DbSession session, PatientId patient, Prepared prepared, EntryRow row, DateTime now)
    {
        var asked = prepared.Recipients.Select(r => people.FindByReference(r.Literal)).OfType<PersonRow>().ToList();
        var can = asked.Find(p => GrantSql.Member(session, patient, p.Id, now) is { } grant && rules.Current.ReachIn(p, patient).Within(grant.Allows).Sees(row.Audience, row.Category));
        // Of a role whoever has it keeps it while they may.
        if (can is null && row.AskedRole is { } role)
            can = row.ReplyOwner is { } keeps && people.Find(keeps) is { } kept && kept.Discipline == role && GrantSql.Member(session, patient, keeps, now) is { } still && rules.Current.ReachIn(kept, patient).Within(still.Allows).Sees(row.Audience, row.Category) ? kept
                : QuestionRoles.Answerer(session, people, rules.Current, patient, role, row.Audience, row.Category, now);
        return can?.Id ?? AccountableWho(session, people, rules.Current, patient, row.Audience, row.Category, now) ?? row.ReplyOwner ?? asked.FirstOrDefault()?.Id;
    }

    /// <summary>Who answers a question after somebody: another of the role that was asked, else who is accountable and may read it.</summary>
    internal static PersonId? NextAnswerer(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, EntryRow question, DateTime now, PersonId leaves) =>
        (question.AskedRole is { } role ? QuestionRoles.Answerer(session, people, rules, patient, role, question.Audience, question.Category, now, leaves)?.Id : null)
            ?? AccountableWho(session, people, rules, patient, question.Audience, question.Category, now);

    /// <summary>
    /// Who is accountable for the patient; when that person may not read the category, somebody of the team who answers for care and may: whoever answers for it already, else the
    /// care coordinator, a GP, who has been there longest. Nobody has to answer for what stays closed to them, unless nobody is left who could.
    /// </summary>
    /// <param name="keeps">Who answers for it already.</param>
    internal static PersonId? AccountableWho(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, Audience audience, InformationCategory category, DateTime now, PersonId? keeps = null)
    {
        var accountable = CareStore.Accountable(session, patient);
        bool Sees(PersonId id, InformationCategory allows) => people.Find(id) is { } p && rules.ReachIn(p, patient).Within(allows).Sees(audience, category);
        if (accountable is { } person && GrantSql.Member(session, patient, person, now) is { } grant && Sees(person, grant.Allows))
            return accountable;
        var coordinator = TaskSql.Coordinator(session, patient);
        return GrantSql.Team(session, patient, now).Where(m => people.Find(m.Person) is { } p && SharingRules.AnswersForCare(SharingRules.RoleIn(p.Discipline, p.OwnFile, patient)) && Sees(m.Person, m.Allows))
            .OrderByDescending(m => m.Person == keeps).ThenByDescending(m => m.Person == coordinator).ThenByDescending(m => people.Find(m.Person)!.Discipline == Discipline.GeneralPractitioner)
            .Select(m => (PersonId?)m.Person).FirstOrDefault() ?? accountable;
    }

    /// <summary>The same for whoever moves what is open.</summary>
    internal static AnswersFor AccountableWho(DbSession session, PeopleDirectory people, SharingRules rules, PatientId patient, DateTime now) =>
        (audience, category, keeps) => AccountableWho(session, people, rules, patient, audience, category, now, keeps);

    /// <summary>A question is answered by the first answer of somebody else that everyone who sees the question may see. When that answer is taken back, the question is open again.</summary>
    private static void SettleQuestion(DbSession session, PatientId patient, long seq, Func<long> next, PersonId? by)
    {
        if (CareStore.FindEntry(session, patient, seq) is not { Kind: (int)EntryKind.Question } question)
            return;
        var answer = TimelineSql.AllAnswers(session, patient, seq).FirstOrDefault(a => !a.Retracted && !IsBySame(a, question) && (question.Audience & ~a.Audience) == 0 && (a.Category == question.Category || ClinicalCodes.Protected(a.Category) == InformationCategory.None));
        if (question.AnsweredSeq == answer?.Seq)
            return;
        question.AnsweredSeq = answer?.Seq;
        question.Cursor = next();
        question.ChangedBy = by;
        CareStore.SetAnswered(session, question);
    }

    /// <summary>Two people without an account are told apart by their names.</summary>
    private static bool IsBySame(EntryRow answer, EntryRow question) =>
        question.AuthorId == answer.AuthorId && (answer.AuthorId is not null || question.AuthorName == answer.AuthorName);

    private Named? NameOf(FhirReference reference, Func<FhirReference, Named?>? names)
    {
        if (people.FindByReference(reference.Literal) is { } person)
            return new Named(person.DisplayName, person.RoleTitle, person.Line, person.Discipline, person.Id, person.Organisation);
        var known = names?.Invoke(reference);
        return reference.Display is { Length: > 0 } display
            ? (known ?? new Named(null)) with { Name = display }
            : known;
    }

    private static List<Attachment> Attach(DbSession session, PatientId patient, EntryRow row, Prepared prepared, PersonId? by, DateTime now)
    {
        var attachments = new List<Attachment>();
        foreach (var file in prepared.Files)
        {
            // The same scan in two files, or in two resources, is two files here: each goes with its own entry.
            var id = ResourceReader.HashId(System.Security.Cryptography.SHA256.HashData([.. file.Bytes, .. Encoding.UTF8.GetBytes($"{patient}|{row.ResourceType}/{row.ResourceId}")]));
            if (attachments.Exists(a => a.Id == id))
                continue;
            CareStore.InsertAttachment(session, new AttachmentRow
            {
                Id = id, PatientId = patient, Seq = row.Seq, FileName = file.Name, ContentType = file.ContentType, Size = file.Bytes.Length, Bytes = file.Bytes,
                UploadedBy = row.AuthorId ?? IntakeAuthority.Operator, At = now,
            });
            attachments.Add(new Attachment(id, file.Name, file.ContentType, file.Bytes.Length));
        }

        foreach (var (id, _) in prepared.FileReferences)
        {
            // Whoever changes an entry may add a file to it, not only who wrote it.
            if ((CareStore.ClaimAttachment(session, patient, id, row.Seq, row.AuthorId) ?? (by == row.AuthorId ? null : CareStore.ClaimAttachment(session, patient, id, row.Seq, by))) is { } claimed)
                attachments.Add(new Attachment(id, claimed.FileName, claimed.ContentType, claimed.Size));
        }

        return attachments;
    }

    private static MeasurementRow Measurement(EntryRow row, MeasuredValue v, int position) => new()
    {
        PatientId = row.PatientId, Seq = row.Seq, Position = position, Code = v.Code is { Length: <= 300 } code ? code : "", Label = SafeText.Line(v.Label, 200), Value = v.Value, Text = v.Text, Unit = v.Unit, Ucum = v.Ucum,
        Low = v.Low, High = v.High, Interpretation = v.Interpretation, Time = row.Time, Line = row.Line, Audience = row.Retracted ? Audience.None : row.Audience, Category = row.Category,
    };

    private static string SearchText(EntryRow row, EntryFacts facts)
    {
        var text = new StringBuilder(row.Title).Append(' ').Append(row.Text).Append(' ').Append(row.AuthorName).Append(' ').Append(row.Source);
        foreach (var value in facts.Values)
            text.Append(' ').Append(value.Label).Append(' ').Append(value.Text);
        return NameFolding.FoldText(text.ToString(), LongestSearch);
    }

    private static string? SafeLine(string? text) => text is null ? null : SafeText.Line(text, 200) is { Length: > 0 } line ? line : null;

    private static string? Tokens(ResourceFacts facts)
    {
        if (facts.Codes.Count + facts.Categories.Count == 0)
            return null;
        var tokens = new StringBuilder("\n");
        foreach (var code in facts.Codes)
            tokens.Append("c:").Append(code.System).Append('|').Append(code.Code).Append('\n');
        foreach (var category in facts.Categories)
            tokens.Append("g:").Append(category.System).Append('|').Append(category.Code).Append('\n');
        return tokens.ToString();
    }

    /// <summary>Reach of what is not on the timeline: confidential stays with professionals, billing and technique are administrative, a label of mental or sexual health closes all but the patient's own data.</summary>
    private static (Audience Audience, InformationCategory Category) Unshown(ResourceFacts facts) =>
        (facts.SecurityLabels.Any(l => l.Code is "R" or "V") ? Audience.Professionals : Audience.WholeTeam, facts.Type switch
        {
            not "Patient" when ClinicalCodes.ProtectedBy(facts.SecurityLabels) is not InformationCategory.None and var protection => protection,
            "Patient" or "RelatedPerson" => InformationCategory.Administrative,
            "CareTeam" => InformationCategory.TeamAndAgenda,
            "Task" => InformationCategory.Tasks,
            "Claim" or "ExplanationOfBenefit" or "Coverage" => InformationCategory.Social,
            _ => InformationCategory.Documents,
        });

    private static List<string> Extensions(FhirNode root, string url)
    {
        var found = new List<string>();
        foreach (var extension in root.Each("extension"u8))
        {
            if (extension.Text("url"u8) == url && extension.First("valueReference"u8)?.Text("reference"u8) is { } reference)
                found.Add(reference);
        }

        return found;
    }

    private static List<(string Id, string? Name)> BinaryReferences(FhirNode root)
    {
        var found = new List<(string, string?)>();
        foreach (var payload in root.Each("payload"u8).Concat(root.Each("input"u8)))
        {
            if ((payload.First("contentReference"u8) ?? payload.First("valueReference"u8)) is { } reference && reference.Text("reference"u8) is { } literal && literal.StartsWith("Binary/", StringComparison.Ordinal))
                found.Add((literal[7..], reference.Text("display"u8)));
        }

        return found;
    }

    /// <summary>A patient inside the resource: known by an identifier, else by name and birth date; without either by what is said of it in this resource.</summary>
    private static (string? Description, string? Name) ContainedPatient(FhirNode root, ResourceFacts facts)
    {
        if (facts.Patient?.Literal is not ['#', .. var local])
            return default;
        foreach (var contained in root.Each("contained"u8))
        {
            if (contained.Text("id"u8) != local || contained.Text("resourceType"u8) != "Patient")
                continue;
            var patient = PatientReader.Read(contained);
            var identifier = contained.First("identifier"u8);
            var description = identifier?.Text("value"u8) is { } value ? $"{identifier?.Text("system"u8)}|{value}"
                : patient is { DisplayName: not null, BirthDate: not null } ? $"{NameFolding.Fold(patient.DisplayName)}|{patient.BirthDate:O}"
                : contained.GetRawText();
            return (description, patient.DisplayName);
        }

        return default;
    }

    /// <summary>Files that stand inside the resource and are what they say they are.</summary>
    private static List<EnclosedFile> Enclosed(FhirNode root, string type)
    {
        var attachments = type switch
        {
            "DocumentReference" => root.Each("content"u8).Select(c => c.First("attachment"u8)),
            "DiagnosticReport" => root.Each("presentedForm"u8).Select(a => (FhirNode?)a),
            "Communication" => root.Each("payload"u8).Select(p => p.First("contentAttachment"u8)),
            _ => [],
        };
        var files = new List<EnclosedFile>();
        foreach (var attachment in attachments)
        {
            if (attachment is not { } a || a.First("data"u8) is not { ValueKind: JsonValueKind.String } data || !data.TryGetBytesFromBase64(out var bytes))
                continue;
            if (FileSniffer.Sniff(bytes).Kind is { } kind)
                files.Add(new EnclosedFile(FileSniffer.SafeName(a.Words("title"u8), kind), FileSniffer.MediaTypeOf(kind), bytes));
        }

        return files;
    }
}
