using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Access;

/// <summary>Why each person may be in this file and until when, with the story; the patient and the team read the same.</summary>
internal sealed class ReadRelations(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadRelations.Request, RelationsView>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<RelationsView> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var decides = Deciding.As(reader.Session, room) is not null;
        string Name(PersonId person) => people.Find(person)?.DisplayName ?? person.Value;
        var relations = RelationSql.Of(reader.Session, room.Patient, room.Now).Select(r => people.Find(r.Person) is { } p
            ? new RelationView(p.Id, p.DisplayName, r.RoleTitle ?? p.RoleTitle, p.Organisation, p.Line, r.Kind, r.Since, r.Until, r.Until is { } until && until - room.Now <= Relations.WarnAhead,
                RenewRelation.MayRenew(reader.Session, room, r), decides && p.OwnFile != room.Patient)
            : null).OfType<RelationView>().OrderBy(r => r.Line).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        // What happened to others in the past is the patient's to read; a member reads their own.
        var story = RelationSql.Story(reader.Session, room.Patient, decides ? null : room.Actor.Person, 200)
            .ConvertAll(s => new RelationStepView(s.PersonId, Name(s.PersonId), s.Step, s.Kind, s.From, s.Until, s.By is { } by ? Name(by) : null, s.At, s.Reason));
        return ValueTask.FromResult(new RelationsView(relations, story));
    }, ct);
}

/// <summary>Renews a relation, with a reason: by the professional, or by a GP, the care coordinator or who is accountable for the patient.</summary>
internal sealed class RenewRelation(CareDesk desk, PeopleDirectory people) : PatientUseCase<RenewRelation.Request, RenewRelation.Result>(desk)
{
    /// <param name="Kind">What it is now, of the kinds of the person's role.</param>
    internal sealed record Request(PersonId Person, RelationKind Kind, string Reason);

    internal abstract record Result;

    internal sealed record Renewed(DateTime? Until) : Result;

    /// <summary>There is no such relation, or this person may not renew it.</summary>
    internal sealed record NotYours : Result;

    /// <summary>A reason is needed.</summary>
    internal sealed record NoReason : Result;

    /// <summary>A person of that role cannot have this relation; proof by identity card comes from a card reader, which the portal has not.</summary>
    internal sealed record WrongKind : Result;

    protected override CareAction Needs => CareAction.Read;

    /// <summary>Whether the actor may renew this relation.</summary>
    internal static bool MayRenew(DbSession session, PatientRoom room, RelationRow relation) =>
        relation.Kind is not (RelationKind.BreakGlass or RelationKind.Self) && !room.Grant.IsBreakGlass
        && ((relation.Person == room.Actor.Person && SharingRules.AnswersForCare(room.Role)) || (room.May(CareAction.ManageTeam)
            && (room.Role == Discipline.GeneralPractitioner || TaskSql.Coordinator(session, room.Patient) == room.Actor.Person || CareStore.Accountable(session, room.Patient) == room.Actor.Person)));

    /// <summary>The kinds from which a renewal chooses, the usual first.</summary>
    internal static IReadOnlyList<RelationKind> Choices(Discipline role) => [.. Relations.For(role).Where(k => k != RelationKind.ProvenByEid)];

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync<Result>((writer, _) =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (RelationSql.Find(session, room.Patient, request.Person, now) is not { } relation || people.Find(request.Person) is not { } person || !MayRenew(session, room, relation))
            return ValueTask.FromResult<Result>(new NotYours());
        if (!Choices(SharingRules.RoleIn(person.Discipline, person.OwnFile, room.Patient)).Contains(request.Kind))
            return ValueTask.FromResult<Result>(new WrongKind());
        if (Platform.Text.SafeText.Line(request.Reason ?? "", 500) is not { Length: > 0 } reason)
            return ValueTask.FromResult<Result>(new NoReason());
        var until = Relations.EndOf(request.Kind, now);
        RelationSql.Renew(session, relation.Key, request.Kind, until);
        RelationSql.Tell(session, room.Patient, request.Person, RelationStep.Renewed, request.Kind, now, until, room.Actor.Person, reason, now);
        writer.NextCursor();
        writer.RightsChanged();
        writer.Record(CareAction.ManageTeam, $"relation/{request.Person}");
        return ValueTask.FromResult<Result>(new Renewed(until));
    }, ct);
}

/// <summary>The patient, or a named proxy, ends a relation; for good, when this person must not come back. What the person had goes to who is accountable, at once.</summary>
internal sealed class EndRelation(CareDesk desk, KeepRights rights, PeopleDirectory people) : PatientUseCase<EndRelation.Request, SharingResult>(desk)
{
    /// <param name="ForGood">Excluded: also an emergency does not open the file to this person.</param>
    internal sealed record Request(PersonId Person, bool ForGood, string? Reason = null);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<SharingResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => Deciding.CommitAsync(room, writer =>
    {
        var (session, now, person) = (writer.Session, room.Now, request.Person);
        if (Deciding.As(session, room) is not { } source || people.Find(person) is not { } row || row.OwnFile == room.Patient)
            return new SharingResult.NotYours();
        var relations = RelationSql.Of(session, room.Patient, now).Where(r => r.Person == person).ToList();
        if (relations.Count == 0 && !request.ForGood)
            return new SharingResult.NotThere();
        var reason = request.Reason is null ? null : Platform.Text.SafeText.Line(request.Reason, 500) is { Length: > 0 } words ? words : null;
        long key = 0;
        if (request.ForGood)
            key = ConsentSql.Add(session, room.Patient, ConsentScope.Person, InformationCategory.All, null, person, false, now, null, source, room.Actor.Person, now, reason);
        rights.End(writer, person, null); // the reason is between the patient and the portal
        if (request.ForGood)
            rights.Apply(writer, null);
        RelationSql.Tell(session, room.Patient, person, request.ForGood ? RelationStep.Excluded : RelationStep.Ended, relations.FirstOrDefault()?.Kind ?? RelationKind.Unknown, now, now, room.Actor.Person, reason, now);
        writer.NextCursor();
        writer.Record(CareAction.DecideSharing, $"{(request.ForGood ? "excluded" : "ended")}/{person}");
        return new SharingResult.Decided(key);
    }, ct);
}
