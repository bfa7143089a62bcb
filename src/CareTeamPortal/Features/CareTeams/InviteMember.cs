using System.Buffers;
using System.Text.Json;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Who may ask somebody onto a team: roles with the right to invite, and the patient or a named proxy, who decide about their own team.</summary>
internal static class Inviting
{
    public static bool May(DbSession session, PatientRoom room) => room.May(CareAction.ManageTeam) || ByPatient(session, room);

    /// <summary>On the patient's own word.</summary>
    public static bool ByPatient(DbSession session, PatientRoom room) => Deciding.As(session, room) is not null;

    /// <summary>What somebody would be in this file; null for who cannot be on a team.</summary>
    public static IReadOnlyList<RelationKind>? KindsOf(PersonRow person, PatientId patient)
    {
        var role = SharingRules.RoleIn(person.Discipline, person.OwnFile, patient);
        return person.DeactivatedAt is null && person.OwnFile != patient && role.Kind() is not RoleKind.None ? RenewRelation.Choices(role) : null;
    }
}

/// <summary>
/// People whom the actor could invite, by name or RIZIV number. Professionals and aides by a part of the name; family and a case manager only by their whole name:
/// the list of people is not a list of who cares for whom.
/// </summary>
internal sealed class FindInvitees(CareDesk desk, PeopleDirectory people) : PatientUseCase<FindInvitees.Request, IReadOnlyList<FindInvitees.Invitee>>(desk)
{
    private const int Most = 12;

    internal sealed record Request(string Words);

    /// <param name="Kinds">Relations that the person can have here, the usual first.</param>
    /// <param name="OnTeam">Already there.</param>
    internal sealed record Invitee(PersonId Person, string Name, string Role, string? Organisation, CareLine Line, IReadOnlyList<RelationKind> Kinds, bool OnTeam);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<Invitee>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<IReadOnlyList<Invitee>>((reader, _) =>
    {
        var folded = NameFolding.Fold(request.Words);
        var digits = new string([.. (request.Words ?? "").Where(char.IsAsciiDigit)]);
        if (!Inviting.May(reader.Session, room) || folded.Replace(" ", "", StringComparison.Ordinal).Length < 2)
            return ValueTask.FromResult<IReadOnlyList<Invitee>>([]);
        var ownWord = Inviting.ByPatient(reader.Session, room);
        var members = GrantSql.Team(reader.Session, room.Patient, room.Now).Select(m => m.Person).ToHashSet();
        bool Matches(PersonRow person)
        {
            var name = NameFolding.Fold(person.DisplayName);
            return person.Discipline.Kind() switch
            {
                RoleKind.Professional => (digits.Length >= 8 && Digits(person.ProfessionalNumber).StartsWith(digits[..8], StringComparison.Ordinal)) || NameFolding.Match(folded, name) > 0,
                RoleKind.CaregiverCircle when person.Discipline == Discipline.HomeCareAide => NameFolding.Match(folded, name) > 0,
                RoleKind.CaregiverCircle => folded == name,
                RoleKind.Coordination => ownWord && folded == name,
                _ => false,
            };
        }

        return ValueTask.FromResult<IReadOnlyList<Invitee>>([.. people.People.Values.Where(Matches)
            .Select(p => Inviting.KindsOf(p, room.Patient) is { Count: > 0 } kinds ? new Invitee(p.Id, p.DisplayName, p.RoleTitle, p.Organisation, p.Line, kinds, members.Contains(p.Id)) : null).OfType<Invitee>()
            .OrderBy(p => p.OnTeam).ThenByDescending(p => NameFolding.Match(folded, NameFolding.Fold(p.Name))).ThenBy(p => p.Name, StringComparer.Ordinal).Take(Most)]);
    }, ct);

    private static string Digits(string? number) => number is null ? "" : new string([.. number.Where(char.IsAsciiDigit)]);
}

/// <summary>
/// Brings somebody onto the team, with a relation of a kind, a beginning and an end. They are told when it begins, the patient and who is accountable at once, and the
/// timeline says so.
/// </summary>
internal sealed class InviteMember(CareDesk desk, Filing filing, PeopleDirectory people) : PatientUseCase<InviteMember.Request, InviteMember.Result>(desk)
{
    /// <param name="Role">The role in this team in words; null: the person's own.</param>
    /// <param name="Until">Earlier than the term of its kind; null: that term.</param>
    /// <param name="Reason">Why, for the story of the relation.</param>
    /// <param name="From">When the file opens to them, at most a year ahead; null, or a moment that is past: at once.</param>
    internal sealed record Request(PersonId Person, string? Role, RelationKind Kind, DateTime? Until = null, string? Reason = null, DateTime? From = null);

    /// <summary>How far ahead a membership can begin, in months.</summary>
    public const int MonthsAhead = 12;

    internal abstract record Result;

    /// <param name="From">When it begins; null: it has begun.</param>
    internal sealed record Invited(DateTime? Until, DateTime? From = null) : Result;

    /// <summary>This actor may not invite (this person).</summary>
    internal sealed record NotYours : Result;

    /// <summary>There is no such person, or they cannot be on this team. What the patient decided about somebody is not told to others.</summary>
    internal sealed record NotPossible : Result;

    internal sealed record AlreadyThere : Result;

    /// <summary>A person of that role cannot have this relation.</summary>
    internal sealed record WrongKind : Result;

    /// <summary>The beginning is too far ahead, or the end is past, before the beginning, or later than the term of this kind allows.</summary>
    internal sealed record WrongPeriod(DateTime? Latest) : Result;

    protected override CareAction Needs => CareAction.Read; // the patient invites too, and that is not a right of the table: Inviting

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync<Result>((writer, _) =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (!Inviting.May(session, room))
            throw room.Refusal(CareAction.ManageTeam);
        if (people.Find(request.Person) is not { } person || Inviting.KindsOf(person, room.Patient) is not { } kinds || ConsentSql.IsExcluded(session, room.Patient, request.Person, now))
            return ValueTask.FromResult<Result>(new NotPossible());
        if (person.Discipline.Kind() == RoleKind.Coordination && !Inviting.ByPatient(session, room))
            return ValueTask.FromResult<Result>(new NotYours()); // a case manager follows up with the patient's agreement alone
        if (!kinds.Contains(request.Kind))
            return ValueTask.FromResult<Result>(new WrongKind());
        var since = request.From is { } from && from > now ? from : now;
        var later = since > now ? since : (DateTime?)null;
        var latest = Relations.EndOf(request.Kind, since);
        if (since > now.AddMonths(MonthsAhead) || request.Until <= since || request.Until > latest)
            return ValueTask.FromResult<Result>(new WrongPeriod(latest));
        var role = request.Role is null ? null : SafeText.Line(request.Role, 80) is { Length: > 0 } words ? words : null;
        var until = request.Until ?? latest;
        var reason = request.Reason is null ? "" : SafeText.Line(request.Reason, 500);
        if (!CareStore.Grant(session, room.Patient, person.Id, role, since, room.Actor.Person, reason.Length > 0 ? reason : "invited", now, request.Kind, until))
            return ValueTask.FromResult<Result>(new AlreadyThere());

        var prepared = filing.Prepare(Json(room, person, role ?? person.RoleTitle, since, until), "urn:uuid:" + Guid.CreateVersion7(room.Now), "portal");
        CareStore.Insert(session, prepared.Resource, room.Patient, null, now);
        filing.PutEntry(session, room.Patient, prepared, 1, writer.NextCursor, now, new Named(room.Actor.DisplayName, room.Actor.RoleTitle, room.Actor.Line, room.Role, room.Actor.Person), room.Actor.Person);
        FileNoticeSql.Tell(session, room.Patient, person.Id, FileNoticeKind.Invited, room.Actor.Person, since, until); // what is about a file is shown to whom the file is open: from then on
        foreach (var told in GlassSql.AccountsOf(session, room.Patient).Append(CareStore.Accountable(session, room.Patient) ?? room.Actor.Person).Where(p => p != room.Actor.Person && p != person.Id).Distinct())
            FileNoticeSql.Tell(session, room.Patient, told, later is null ? FileNoticeKind.Joined : FileNoticeKind.Comes, person.Id, now, later ?? until);
        writer.RightsChanged();
        writer.Record(CareAction.ManageTeam, $"invited/{person.Id}");
        return ValueTask.FromResult<Result>(new Invited(until, later));
    }, ct);

    /// <summary>The coming of one member, as FHIR R4 CareTeam. It says nothing of whether they are still there: that is the membership's.</summary>
    private static byte[] Json(PatientRoom room, PersonRow person, string role, DateTime since, DateTime? until)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, NativeJson.Options))
        {
            void Period()
            {
                json.WriteStartObject("period"u8);
                json.WriteString("start"u8, FhirDates.BelgianDateTime(since));
                if (until is { } end)
                    json.WriteString("end"u8, FhirDates.BelgianDateTime(end));
                json.WriteEndObject();
            }

            json.WriteStartObject();
            json.WriteString("resourceType"u8, "CareTeam"u8);
            json.WriteString("name"u8, string.Format(BelgianTime.Culture, CareTeamsText.Get(since > room.Now ? "Invite.EntryLater" : "Invite.Entry"), person.DisplayName, role, BelgianTime.Day(BelgianTime.DayOf(since), BelgianTime.DayOf(room.Now))));
            json.WritePropertyName("subject"u8);
            NativeJson.Reference(json, $"Patient/{room.Patient.Value}", null);
            Period();
            json.WriteStartArray("participant"u8);
            json.WriteStartObject();
            json.WriteStartArray("role"u8);
            json.WriteStartObject();
            json.WriteString("text"u8, role);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WritePropertyName("member"u8);
            NativeJson.Reference(json, $"{person.FhirType}/{person.Id}", person.DisplayName);
            Period();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}

/// <summary>Takes an invitation back before it begins: whoever may invite.</summary>
internal sealed class TakeInvitationBack(CareDesk desk) : PatientUseCase<TakeInvitationBack.Request, bool>(desk)
{
    internal sealed record Request(PersonId Person);

    protected override CareAction Needs => CareAction.Read; // as inviting: Inviting

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (!Inviting.May(session, room))
            throw room.Refusal(CareAction.ManageTeam);
        if (RelationSql.Coming(session, room.Patient, now).Find(r => r.Person == request.Person) is not { } coming || !RelationSql.TakeBack(session, room.Patient, request.Person, now))
            return ValueTask.FromResult(false);
        RelationSql.Tell(session, room.Patient, request.Person, RelationStep.Ended, coming.Kind, now, now, room.Actor.Person, null, now);
        writer.RightsChanged();
        writer.Record(CareAction.ManageTeam, $"uninvited/{request.Person}");
        return ValueTask.FromResult(true);
    }, ct);
}
