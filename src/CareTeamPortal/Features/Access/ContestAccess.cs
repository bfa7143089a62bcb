using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// The patient, or a named proxy, says that an access was not right: who did it is shut out at once, also from an emergency, and an officer has to answer
/// before a date. What the person answered for goes to somebody else in the same transaction.
/// </summary>
internal sealed class ContestAccess(CareDesk desk, KeepRights rights, PeopleDirectory people) : PatientUseCase<ContestAccess.Request, ContestAccess.Result>(desk)
{
    /// <summary>An officer answers within this.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(10);

    /// <param name="Record">Key of the access record.</param>
    internal sealed record Request(long Record, string? Words);

    internal abstract record Result;

    internal sealed record Contested(long Key, DateTime DueAt) : Result;

    /// <summary>This person is shut out already until an earlier contest is answered.</summary>
    internal sealed record Already(DateTime DueAt) : Result;

    /// <summary>Only the patient and whom the patient named contest.</summary>
    internal sealed record NotYours : Result;

    /// <summary>There is no such record, or it is of the patient, of who asks, or of no person.</summary>
    internal sealed record NotThere : Result;

    /// <summary>Nobody would be left who can answer for the patient: nothing was written.</summary>
    internal sealed record NobodyLeftToAnswer : Result;

    protected override CareAction Needs => CareAction.Read;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        try
        {
            return await room.CommitAsync((writer, _) => ValueTask.FromResult(Contest(writer, request)), ct);
        }
        catch (NobodyLeft)
        {
            return new NobodyLeftToAnswer();
        }
    }

    private Result Contest(RoomWriter writer, Request request)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        if (Deciding.As(session, room) is null)
            return new NotYours();
        if (AccessLogSql.Find(session, room, request.Record)?.Row.PersonId is not { } person || person == room.Actor.Person || people.Find(person) is not { } row || row.OwnFile == room.Patient)
            return new NotThere();
        if (ContestSql.Of(session, room.Patient, 500).Find(c => c.PersonId == person && c.AnsweredAt is null) is { } open)
            return new Already(open.DueAt);
        // Who is excluded for good is out already: the question is asked all the same, and nothing is opened by its answer.
        long? consent = ConsentSql.IsExcluded(session, room.Patient, person, now) ? null
            : ConsentSql.Add(session, room.Patient, ConsentScope.Person, InformationCategory.All, null, person, false, now, null, ConsentSource.Contested, room.Actor.Person, now);
        var due = now + AnswerWithin;
        var key = ContestSql.Add(session, room.Patient, request.Record, person, room.Actor.Person, now, due, SafeText.Line(request.Words ?? "", 1000) is { Length: > 0 } words ? words : null, consent);
        rights.Apply(writer, null);
        writer.Record(CareAction.DecideSharing, $"contest/{key}");
        return new Contested(key, due);
    }
}

/// <summary>The patient, or a named proxy, ends the shutting-out of a contested person, or makes it one for good.</summary>
internal sealed class SettleContest(CareDesk desk, KeepRights rights) : PatientUseCase<SettleContest.Request, SharingResult>(desk)
{
    internal sealed record Request(long Key, bool ForGood);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<SharingResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => Deciding.CommitAsync(room, writer =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (Deciding.As(session, room) is not { } source)
            return new SharingResult.NotYours();
        if (ContestSql.Find(session, room.Patient, request.Key) is not { Consent: { } block } contest || !ConsentSql.End(session, room.Patient, block, room.Actor.Person, now))
            return new SharingResult.NotThere();
        var key = block;
        if (request.ForGood)
        {
            key = ConsentSql.Add(session, room.Patient, ConsentScope.Person, InformationCategory.All, null, contest.PersonId, false, now, null, source, room.Actor.Person, now);
            var relation = RelationSql.Of(session, room.Patient, now).Find(r => r.Person == contest.PersonId);
            rights.End(writer, contest.PersonId, null);
            RelationSql.Tell(session, room.Patient, contest.PersonId, RelationStep.Excluded, relation?.Kind ?? RelationKind.Unknown, now, now, room.Actor.Person, null, now);
        }

        ContestSql.SetConsent(session, contest.Key, null); // settled: what counts from now on stands among the decisions
        rights.Apply(writer, null);
        writer.Record(CareAction.DecideSharing, $"contest/{contest.Key}");
        return new SharingResult.Decided(key);
    }, ct);
}

/// <summary>The contests of a file, for the patient and named proxies.</summary>
internal sealed class ReadContests(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadContests.Request, IReadOnlyList<ContestView>>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<ContestView>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<IReadOnlyList<ContestView>>((reader, _) =>
    {
        ReadWhoLooked.RequireReader(reader.Session, room);
        var decisions = ConsentSql.All(reader.Session, room.Patient, 1000);
        string Name(PersonId id) => people.Find(id)?.DisplayName ?? id.Value;
        return ValueTask.FromResult<IReadOnlyList<ContestView>>(ContestSql.Of(reader.Session, room.Patient, 100).ConvertAll(c =>
        {
            var block = decisions.Find(d => d.Key == c.Consent && d.EndedAt is null && (d.Until is null || d.Until > room.Now));
            return new ContestView(c.Key, c.Record, c.PersonId, Name(c.PersonId), c.At, c.DueAt, c.Words, c.AnsweredAt, c.AnsweredBy is { } by ? Name(by) : null, c.Answer,
                block is { Source: ConsentSource.Contested }, block?.Until, decisions.Exists(d => d is { Scope: ConsentScope.Person, Permits: false, Categories: InformationCategory.All, EndedAt: null } && d.PersonId == c.PersonId && d.Source != ConsentSource.Contested));
        }));
    }, ct);
}
