using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Writes a note, a question or an answer on the timeline.</summary>
internal sealed class AddNote(CareDesk desk, Filing filing, PeopleDirectory people) : PatientUseCase<AddNote.Request, AddNote.Result>(desk)
{
    internal sealed record Request
    {
        /// <summary>Chosen by the page when the text was begun: sending the same twice writes it once. A guid.</summary>
        public required string Id { get; init; }

        /// <summary>Note, Question or Reply.</summary>
        public required EntryKind Kind { get; init; }

        /// <summary>Markdown.</summary>
        public required string Text { get; init; }
        public string? Title { get; init; }
        public Audience Audience { get; init; } = Audience.WholeTeam;

        /// <summary>The entry that is answered (<c>Communication/x</c>), for a reply.</summary>
        public string? Answers { get; init; }

        /// <summary>Deadline of a question, UTC.</summary>
        public DateTime? ReplyBy { get; init; }

        /// <summary>Who must answer a question; null: who is accountable for the patient now.</summary>
        public PersonId? ReplyOwner { get; init; }

        /// <summary>The role that must answer, in place of a person; one of it answers for the question at every moment.</summary>
        public Discipline? ReplyRole { get; init; }
        public IReadOnlyList<PersonId> Mentions { get; init; } = [];

        /// <summary>Ids of files added with <see cref="AddAttachment"/>.</summary>
        public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    }

    internal abstract record Result;

    /// <summary>Written, durably. <see cref="Cursor"/> is the commit.</summary>
    internal sealed record Written(TimelineEntry Entry, long Cursor) : Result;

    /// <summary>Not written; nothing was lost, the text is still the page's.</summary>
    internal sealed record Refused(Why Reason) : Result;

    internal enum Why
    {
        Empty,
        TooLong,

        /// <summary>The answered entry is not there (any more) for this person.</summary>
        NothingToAnswer,

        /// <summary>Nobody could be found who must answer, or that person may not see the question.</summary>
        NobodyToAnswer,
        DeadlineInThePast,

        /// <summary>This person cannot write for an audience that excludes themselves.</summary>
        AudienceWithoutWriter,
    }

    /// <summary>Longest text, in UTF-16 units.</summary>
    public const int LongestText = 50_000;

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Text.Length > LongestText)
            return new Refused(Why.TooLong);
        var text = SafeText.Lines(request.Text, LongestText).Trim();
        if (text.Length == 0 && request.Attachments.Count == 0)
            return new Refused(Why.Empty);
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a note is a guid.", nameof(request));
        var noteId = guid.ToString();
        if (request.Audience is not (Audience.WholeTeam or Audience.Professionals or Audience.ProfessionalsAndPatient))
            throw new ArgumentOutOfRangeException(nameof(request), "A note is for the whole team, for professionals, or for professionals and the patient.");
        if ((request.Audience & room.Reach.Audience) == 0)
            return new Refused(Why.AudienceWithoutWriter);

        var audience = request.Audience;
        var protection = InformationCategory.None;
        PersonRow? owner = null;
        if (request.Kind == EntryKind.Question)
        {
            if (request.ReplyBy <= room.Now)
                return new Refused(Why.DeadlineInThePast);
            owner = await OwnerAsync(room, request, audience, ct);
            if (owner is null)
                return new Refused(Why.NobodyToAnswer);
        }

        if (request.Kind == EntryKind.Reply)
        {
            if (request.Answers is null || EntryReference.Split(request.Answers) is not var (type, id))
                return new Refused(Why.NothingToAnswer);
            var root = await room.ReadAsync((reader, _) => ValueTask.FromResult(TimelineSql.One(reader.Session, room, type, id)), ct);
            if (root is null)
                return new Refused(Why.NothingToAnswer);
            audience &= root.Audience; // an answer is never for more eyes than the question
            protection = ClinicalCodes.Protected(root.Category);
        }

        var mentions = await OnTeamAsync(room, request.Mentions, ct);
        var json = CommunicationJson.Write(new CommunicationDraft
        {
            Kind = request.Kind,
            Patient = room.Patient,
            Sent = room.Now,
            Sender = room.Actor.Reference,
            SenderDisplay = room.Actor.DisplayName,
            Line = room.Actor.Line,
            Text = text,
            Title = request.Title is null ? null : SafeText.Line(request.Title, 200),
            Audience = audience,
            Protection = protection,
            InResponseTo = request.Answers,
            ReplyBy = request.ReplyBy,
            Recipient = owner is null || request.ReplyRole is not null ? null : ReferenceTo(owner),
            AskedRole = request.Kind == EntryKind.Question && request.ReplyRole is { } role ? (role.ToString(), Roles.Group(role)) : null,
            Mentions = [.. mentions.Select(ReferenceTo)],
            Attachments = [.. request.Attachments.Select(a => new FhirReference("payload", $"Binary/{a.Id}", null, "Binary", a.Name))],
        });
        var prepared = filing.Prepare(json, "urn:uuid:" + noteId, "portal");
        return await room.CommitAsync<Result>((writer, _) =>
        {
            if (CareStore.Find(writer.Session, "Communication", noteId) is { } present)
            {
                // The page sent it twice (a cut in between): the first one stands.
                var written = present.Patient == room.Patient ? CareStore.FindEntry(writer.Session, "Communication", noteId) : null;
                return ValueTask.FromResult<Result>(written is not null && written.AuthorId == room.Actor.Person
                    ? new Written(TimelineEntry.From(written, room.Actor.Person), written.Cursor)
                    : throw new ArgumentException("The id of a new note is taken.", nameof(request)));
            }

            writer.RequireWrite(prepared.Resource.Category);
            writer.Topics = Topics.Timeline;
            CareStore.Insert(writer.Session, prepared.Resource, room.Patient, null, room.Now);
            var row = filing.PutEntry(writer.Session, room.Patient, prepared, 1, writer.NextCursor, room.Now, null, room.Actor.Person)!;
            writer.RecordWritten($"Communication/{noteId}/_history/1");
            return ValueTask.FromResult<Result>(new Written(TimelineEntry.From(row, room.Actor.Person), row.Cursor));
        }, ct);
    }

    private async Task<PersonRow?> OwnerAsync(PatientRoom room, Request request, Audience audience, CancellationToken ct)
    {
        if (request.ReplyRole is { } role)
            return await room.ReadAsync((reader, _) => ValueTask.FromResult(QuestionRoles.Answerer(reader.Session, people, room.Rules, room.Patient, role, audience, InformationCategory.Notes, room.Now)), ct);
        var id = request.ReplyOwner ?? await room.ReadAsync((reader, _) => ValueTask.FromResult(CareStore.Accountable(reader.Session, room.Patient)), ct);
        if (id is not { } person || people.Find(person) is not { } owner)
            return null;
        var grant = await room.ReadAsync((reader, _) => ValueTask.FromResult(GrantSql.Member(reader.Session, room.Patient, owner.Id, room.Now)), ct);
        return grant is { } member && room.Rules.ReachIn(owner, room.Patient).Within(member.Allows).Sees(audience, InformationCategory.Notes) ? owner : null;
    }

    private async Task<List<PersonRow>> OnTeamAsync(PatientRoom room, IReadOnlyList<PersonId> mentioned, CancellationToken ct) =>
        mentioned.Count == 0 ? [] : await room.ReadAsync((reader, _) => ValueTask.FromResult(
            mentioned.Distinct().Take(20).Where(m => GrantSql.Member(reader.Session, room.Patient, m, room.Now) is not null).Select(people.Find).OfType<PersonRow>().ToList()), ct);

    private static FhirReference ReferenceTo(PersonRow person) =>
        new("recipient", person is { FhirType: "Patient", OwnFile: { } own } ? $"Patient/{own}" : $"{person.FhirType}/{person.Id}", null, person.FhirType, person.DisplayName);
}
