using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Access;

/// <summary>Nobody would be left who can answer for the patient: nothing was written.</summary>
internal sealed class NobodyLeft() : Exception("Nobody would be left who can answer for this patient.");

/// <summary>
/// What follows when rights in a file change, in the same transaction: what the consents come to is written on the memberships, and whoever may not see
/// any more hands on what they answer for. Nobody is accountable for what they may not see, and nothing is without somebody accountable.
/// </summary>
internal sealed class KeepRights(LeavingTasks leaving, PeopleDirectory people, RuleBook rules)
{
    /// <summary>After a change of consents.</summary>
    /// <exception cref="NobodyLeft">Who is accountable may not see any more, and nobody else can take over.</exception>
    public void Apply(RoomWriter writer, string? reason)
    {
        var changes = ConsentSql.Project(writer.Session, writer.Room.Patient, writer.Room.Now);
        var narrowed = changes.Where(c => (c.Before & ~c.Now) != 0).Select(c => c.Person).Distinct().ToList();
        foreach (var person in narrowed)
            HandOn(writer, person, leaves: false, reason);
        // Somebody sees more: what stayed with others who may not read it, because nobody could, has somebody now.
        if (changes.Exists(c => (c.Now & ~c.Before) != 0))
        {
            foreach (var person in GrantSql.Team(writer.Session, writer.Room.Patient, writer.Room.Now).Select(m => m.Person).Distinct().Except(narrowed).ToList())
                HandOn(writer, person, leaves: false, reason);
        }

        writer.RightsChanged();
    }

    /// <summary>Ends a membership, and hands on what the person has.</summary>
    /// <exception cref="NobodyLeft">The person is accountable, and nobody else can take over.</exception>
    public void End(RoomWriter writer, PersonId person, string? reason)
    {
        TeamSql.End(writer.Session, writer.Room.Patient, person, writer.Room.Now);
        HandOn(writer, person, leaves: true, reason);
        writer.RightsChanged();
    }

    /// <summary>What somebody has that they may not see any more goes to who is accountable; who is accountable and may not see hands that on first.</summary>
    public void HandOn(RoomWriter writer, PersonId person, bool leaves, string? reason)
    {
        var (session, room) = (writer.Session, writer.Room);
        var left = leaves ? Reach.None : ReachOf(session, room, person);
        var answers = Filing.AccountableWho(session, people, rules.Current, room.Patient, room.Now);
        var accountable = CareStore.Accountable(session, room.Patient);
        if (accountable == person && !Answers(left))
        {
            var next = NextAccountable(session, room.Patient, room.Now, person) ?? throw new NobodyLeft();
            CareStore.SetAccountable(session, room.Patient, next, room.Now, answers);
            FileNoticeSql.Tell(session, room.Patient, next, FileNoticeKind.AccountableNow, person, room.Now, null);
            accountable = next;
        }

        var cause = leaves ? LeavingTasks.Cause.Leaves : LeavingTasks.Cause.MayNotSee;
        foreach (var task in TaskSql.HeldBy(session, room.Patient, person))
        {
            // The row of a concept reaches nobody: whether its writer may still write it is asked by its category alone.
            if (task.Audience == Audience.None ? !left.IsEmpty && left.Categories.HasFlag(task.Category) : left.Covers(task.Audience, task.Category))
                continue;
            var to = answers(task.Audience, task.Category, null) is { } id && id != person && people.Find(id) is { } row ? TaskParty.Of(row) : null;
            if (LeavingTasks.NeedsOwner(task, person) && to is null)
                continue; // nobody else may read it either
            leaving.Settle(writer, task, person, to, to, reason, cause);
            if (TaskSql.Find(session, room.Patient, task.Id) is { Open: true } still && still.AccountableId == person)
                TaskSql.LetFall(session, still);
        }

        if (Answers(left))
            TaskSql.FollowAccountable(session, room.Patient, room.Now, answers);
        else
            TeamSql.FallToAccountable(session, room.Patient, person, room.Now, answers);
        foreach (var question in TeamSql.QuestionsOf(session, room.Patient, person))
        {
            if (CareStore.FindEntry(session, room.Patient, question) is { } entry && !left.Sees(entry.Audience, entry.Category))
                TeamSql.SetReplyOwner(session, room.Patient, question, Filing.NextAnswerer(session, people, rules.Current, room.Patient, entry, room.Now, person) ?? accountable, writer.NextCursor());
        }

        if (left.IsEmpty && TaskSql.Coordinator(session, room.Patient) == person)
            TaskSql.SetCoordinator(session, room.Patient, null, room.Now);
    }

    /// <summary>Who takes over: the care coordinator, a GP, else whoever has been on the team longest, of those who can answer for care and see the tasks.</summary>
    /// <param name="at">The moment; consents that begin later count from then.</param>
    public PersonId? NextAccountable(DbSession session, PatientId patient, DateTime at, PersonId? notThis) => Candidates(session, patient, at, GrantSql.Team(session, patient, at), notThis);

    /// <summary>Whether somebody could answer for the patient at a moment to come, by what is decided now.</summary>
    public bool SomebodyAnswersAt(DbSession session, PatientId patient, DateTime now, DateTime at)
    {
        var consents = ConsentSql.Of(session, patient, now);
        return Candidates(session, patient, at, [.. GrantSql.Team(session, patient, now).Select(m => (m.Person, Consents.MayShare(consents, m.Person, people.Find(m.Person)?.Organisation, people.Find(m.Person)?.OwnFile == patient, at)))], null) is not null;
    }

    private PersonId? Candidates(DbSession session, PatientId patient, DateTime at, List<(PersonId Person, InformationCategory Allows)> team, PersonId? notThis)
    {
        var coordinator = TaskSql.Coordinator(session, patient);
        return team.Where(m => m.Person != notThis && people.Find(m.Person) is { } p && SharingRules.AnswersForCare(SharingRules.RoleIn(p.Discipline, p.OwnFile, patient)) && Answers(rules.Current.ReachIn(p, patient).Within(m.Allows)))
            .OrderByDescending(m => m.Person == coordinator).ThenByDescending(m => people.Find(m.Person)!.Discipline == Discipline.GeneralPractitioner).ThenBy(m => TeamSql.IsAway(session, m.Person, at))
            .Select(m => (PersonId?)m.Person).FirstOrDefault();
    }

    private Reach ReachOf(DbSession session, PatientRoom room, PersonId person) =>
        people.Find(person) is { } row && GrantSql.Member(session, room.Patient, person, room.Now) is { } grant ? rules.Current.ReachIn(row, room.Patient).Within(grant.Allows) : Reach.None;

    private static bool Answers(Reach reach) => reach.Audience.HasFlag(Audience.Professionals) && reach.Categories.HasFlag(InformationCategory.Tasks);
}
