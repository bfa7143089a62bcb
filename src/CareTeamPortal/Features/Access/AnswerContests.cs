using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// What officers read about contested accesses, and their answers. Who looked, when and by what right; nothing of the file. With the answer the person stays
/// shut out for a week, in which the patient chooses; after that the earlier decisions count again.
/// </summary>
internal sealed class AnswerContests(CareDesk desk, KeepRights rights, PeopleDirectory people)
{
    /// <summary>The patient chooses within this; the block ends by itself afterwards.</summary>
    public static readonly TimeSpan ChooseWithin = TimeSpan.FromDays(7);

    /// <summary>Shortest answer.</summary>
    public const int ShortestAnswer = 10;

    /// <param name="Patient">The id; officers see no file.</param>
    /// <param name="Contested">The record that is contested; null when it is no more.</param>
    /// <param name="Around">The last records of the same person in that file, newest first.</param>
    /// <param name="ByProxy">A named proxy contests, not the patient.</param>
    /// <param name="IsOwn">The officer's own access: another officer answers.</param>
    internal sealed record Waiting(long Key, PatientId Patient, string Person, string Role, string? Organisation, Look? Contested, IReadOnlyList<Look> Around, string? Words, DateTime At, DateTime DueAt, bool IsLate, bool ByProxy, bool IsOwn, string? AnsweredBy, DateTime? AnsweredAt, string? Answer);

    internal enum Outcome
    {
        Answered,

        /// <summary>Not an officer, the officer's own access, answered already, or not there.</summary>
        NotYours,

        /// <summary>An answer has words.</summary>
        NoWords,
    }

    private static bool MayAnswer(Actor actor) => actor.Discipline == Discipline.GovernanceOfficer;

    /// <summary>Those that wait, the most urgent first, or the last that were answered; null for who is no officer.</summary>
    public async Task<IReadOnlyList<Waiting>?> ReadAsync(Actor actor, bool answered, DateTime now, CancellationToken ct) => !MayAnswer(actor) ? null
        : await desk.ReadForTheClockAsync<IReadOnlyList<Waiting>>(session => ContestSql.ForOfficers(session, answered, 100).ConvertAll(c =>
        {
            var person = people.Find(c.PersonId);
            return new Waiting(c.Key, c.PatientId, person?.DisplayName ?? c.PersonId.Value, person?.RoleTitle ?? "", person?.Organisation,
                AccessLogSql.Find(session, c.PatientId, c.Record) is { } line ? Look.Of(line, people, c.PatientId) : null, AccessLogSql.OfPerson(session, c.PatientId, c.PersonId, 10).ConvertAll(l => Look.Of(l, people, c.PatientId)),
                c.Words, c.At, c.DueAt, c.AnsweredAt is null && c.DueAt < now, people.Find(c.By)?.OwnFile != c.PatientId, c.PersonId == actor.Person, c.AnsweredBy is { } by ? people.Find(by)?.DisplayName ?? by.Value : null, c.AnsweredAt, c.Answer);
        }), ct);

    /// <summary>How many wait; 0 for who is no officer.</summary>
    public async Task<int> CountAsync(Actor actor, CancellationToken ct) => MayAnswer(actor) ? await desk.ReadForTheClockAsync(ContestSql.Waiting, ct) : 0;

    /// <summary>Enters the answer and tells the patient.</summary>
    public async Task<Outcome> AnswerAsync(Actor actor, long key, string answer, CancellationToken ct)
    {
        var words = SafeText.Line(answer ?? "", 2000);
        if (!MayAnswer(actor) || await desk.ReadForTheClockAsync(session => ContestSql.Find(session, key), ct) is not { AnsweredAt: null } asked || asked.PersonId == actor.Person)
            return Outcome.NotYours;
        if (words.Length < ShortestAnswer)
            return Outcome.NoWords;
        // The portal does it for the officer, to whom the file stays closed; the record carries the officer's name.
        return await desk.RoomForTheClock(asked.PatientId).CommitAsync((writer, _) =>
        {
            var (session, now) = (writer.Session, writer.Room.Now);
            if (ContestSql.Find(session, asked.PatientId, key) is not { AnsweredAt: null } contest)
                return ValueTask.FromResult(Outcome.NotYours);
            var block = contest.Consent;
            DateTime? until = null;
            if (block is { } shut && ConsentSql.End(session, contest.PatientId, shut, actor.Person, now))
            {
                until = now + ChooseWithin;
                block = ConsentSql.Add(session, contest.PatientId, ConsentScope.Person, InformationCategory.All, null, contest.PersonId, false, now, until, ConsentSource.Contested, contest.By, now);
            }

            ContestSql.Answer(session, contest, actor.Person, now, words, block);
            rights.Apply(writer, null);
            foreach (var told in GlassSql.AccountsOf(session, contest.PatientId).Append(contest.By).Distinct())
                FileNoticeSql.Tell(session, contest.PatientId, told, FileNoticeKind.ContestAnswered, contest.PersonId, now, until);
            CareStore.InsertAccessRecord(session, contest.PatientId, actor.Person, now, AccessPurpose.Care, AccessSource.Page, CareAction.DecideSharing, true, $"contest/{key}");
            return ValueTask.FromResult(Outcome.Answered);
        }, ct);
    }
}
