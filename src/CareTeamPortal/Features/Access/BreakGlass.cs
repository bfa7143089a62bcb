using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>Why somebody opens a file without a relation. Stored as a number: append, never renumber.</summary>
public enum EmergencyReason
{
    /// <summary>The patient's life is in danger.</summary>
    LifeInDanger = 0,

    /// <summary>The patient cannot speak for themselves and needs care now.</summary>
    CannotSpeak = 1,

    /// <summary>On call, and the usual professionals cannot be reached.</summary>
    OnCall = 2,

    /// <summary>The patient asks for care now, and is here.</summary>
    PatientIsHere = 3,
}

/// <summary>What an officer found about an opening without a relation. Stored as a number: append, never renumber.</summary>
public enum GlassOutcome
{
    Justified = 0,

    /// <summary>Asked for more, or talked about it with the person.</summary>
    Discussed = 1,
    NotJustified = 2,
}

/// <summary>
/// Opens a file to a professional who has no relation with the patient, in an emergency: with a reason, after signing in again, for at most four hours, read
/// by the patient and the GP at once, reviewed by an officer. It makes nobody part of the team.
/// </summary>
internal sealed class BreakGlass(CareDesk desk)
{
    /// <summary>The person has proved who they are at most so long ago.</summary>
    public static readonly TimeSpan SignInLasts = TimeSpan.FromMinutes(5);

    /// <summary>Shortest reason in words.</summary>
    public const int ShortestWords = 10;

    /// <param name="SignedInAt">When the person last proved who they are for this; the page proves it (prompt=login, in Demo mode the user name typed again).</param>
    internal sealed record Request(EmergencyReason Reason, string Words, DateTime SignedInAt);

    internal abstract record Result;

    /// <summary>Open until then.</summary>
    internal sealed record Broken(DateTime Until) : Result;

    internal sealed record Refused(Why Reason, RuleCitation Rule) : Result;

    internal enum Why
    {
        /// <summary>There is no such file, or the patient excluded this person: the two look alike.</summary>
        NotThere,

        /// <summary>Not for this role.</summary>
        NotForThisRole,

        /// <summary>The person has to sign in again first.</summary>
        SignInAgain,

        /// <summary>A reason from the list and a few words are needed.</summary>
        NoReason,

        /// <summary>The file is open to this person already.</summary>
        OpenAlready,
    }

    /// <summary>Whether the role may do this at all.</summary>
    public static bool MayTry(Actor actor, SharingRules rules) => SharingRules.AnswersForCare(actor.Discipline) && !rules.ReachOf(actor.Discipline, actor.Line).IsEmpty;

    public Task<Result> RunAsync(Actor actor, PatientId patient, Request request, CancellationToken ct) => desk.InEmergencyAsync<Result>(actor, patient, (session, rules, now) =>
    {
        var words = SafeText.Line(request.Words ?? "", 1000);
        var rule = rules.Cite(actor.Discipline, actor.Line, CareAction.Read);
        if (!MayTry(actor, rules))
            return (new Refused(Why.NotForThisRole, rule), null);
        if (request.SignedInAt > now.AddMinutes(1) || now - request.SignedInAt > SignInLasts)
            return (new Refused(Why.SignInAgain, rule), null);
        if (!Enum.IsDefined(request.Reason) || words.Length < ShortestWords)
            return (new Refused(Why.NoReason, rule), null);
        if (GrantSql.Find(session, patient, actor.Person, now) is not null)
            return (new Refused(Why.OpenAlready, rule), null);
        if (!CareStore.FindPatient(session, patient).Exists || ConsentSql.IsExcluded(session, patient, actor.Person, now))
            return (new Refused(Why.NotThere, rule), null);

        var until = now + Relations.BreakGlassLasts;
        CareStore.Grant(session, patient, actor.Person, null, now, actor.Person, "emergency", now, RelationKind.BreakGlass, until);
        if (GrantSql.Find(session, patient, actor.Person, now) is null)
            return (new Refused(Why.NotThere, rule), null); // the patient left nothing to this person
        var key = GlassSql.Add(session, patient, actor.Person, now, until, (int)request.Reason, words, request.SignedInAt);
        foreach (var told in GlassSql.AccountsOf(session, patient).Concat(GlassSql.GeneralPractitionersOf(session, patient, now)).Append(CareStore.Accountable(session, patient) ?? actor.Person).Where(p => p != actor.Person).Distinct())
            FileNoticeSql.Tell(session, patient, told, FileNoticeKind.GlassBroken, actor.Person, now, until);
        return (new Broken(until), $"glass/{key}");
    }, ct);
}

/// <summary>What officers read about openings without a relation, and what they find. Ids, people and reasons; nothing of the file.</summary>
internal sealed class ReviewBrokenGlass(CareDesk desk, PeopleDirectory people)
{
    /// <param name="Patient">The id; officers see no file.</param>
    internal sealed record Opening(long Key, PatientId Patient, string By, string Role, DateTime At, DateTime Until, EmergencyReason Reason, string Words, string? ReviewedBy, DateTime? ReviewedAt, GlassOutcome? Outcome, string? Note, bool IsOwn);

    /// <summary>Those that wait for a review, or the last that were reviewed; null for who is no officer.</summary>
    public async Task<IReadOnlyList<Opening>?> ReadAsync(Actor actor, bool reviewed, CancellationToken ct) =>
        actor.Discipline != Discipline.GovernanceOfficer ? null
        : await desk.ReadForTheClockAsync<IReadOnlyList<Opening>>(session => GlassSql.ForReview(session, reviewed, 200).ConvertAll(g => new Opening(
            g.Key, g.PatientId, people.Find(g.PersonId)?.DisplayName ?? g.PersonId.Value, people.Find(g.PersonId)?.RoleTitle ?? "", g.At, g.Until, (EmergencyReason)g.Reason, g.Words,
            g.ReviewedBy is { } by ? people.Find(by)?.DisplayName ?? by.Value : null, g.ReviewedAt, (GlassOutcome?)g.Outcome, g.ReviewNote, g.PersonId == actor.Person)), ct);

    /// <summary>Enters what an officer found; false for who is no officer, and for what was reviewed already.</summary>
    public async Task<bool> ReviewAsync(Actor actor, long key, GlassOutcome outcome, string? note, CancellationToken ct) =>
        actor.Discipline == Discipline.GovernanceOfficer && Enum.IsDefined(outcome)
        && await desk.KeepOwnAsync(actor, (session, who, now) => GlassSql.Review(session, key, who.Person, now, (int)outcome, note is null ? null : SafeText.Line(note, 1000)), ct);
}
