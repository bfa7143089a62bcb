using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.MyDay;

/// <summary>The simple day of a patient, an informal caregiver or an aide: who comes when, which questions wait, what is new, in one file or a few.</summary>
internal sealed class ReadHomeDay(CareDesk desk, PeopleDirectory people, RuleBook rules, TimeProvider clock)
{
    /// <summary>Topic of the note in which a patient says what matters: part of the record, so not translated.</summary>
    internal const string OwnWordsTopic = Goals.OwnWords.Topic;

    private const int MostFiles = 12;

    public Task<HomeView> RunAsync(Actor actor, CancellationToken ct) => desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
    {
        var now = clock.UtcMicroseconds();
        var viewer = WorklistSql.Viewer(session, who.Person, reach, now);
        var files = WorklistSql.ByName(session, viewer, null, MostFiles).Select(f => WorklistSql.Patient(session, viewer, f.Patient)).OfType<WorklistPatient>()
            .Select(p => FileOf(session, viewer, who, p)).ToList();
        return ValueTask.FromResult((new HomeView(now, files, WorklistSql.Stamp(session)), files.Select(f => f.Patient)));
    }, ct);

    private HomeFile FileOf(DbSession session, WorklistViewer viewer, Actor who, WorklistPatient p)
    {
        var now = viewer.Now;
        var today = BelgianTime.DayOf(now);
        var (from, _) = BelgianTime.BoundsOf(today);
        var (_, until) = BelgianTime.BoundsOf(today.AddDays(2));
        var coming = WorklistSql.Appointments(session, viewer, from, until, own: false, 60).Where(e => e.PatientId == p.Patient)
            .Select(e => new HomeComing(BelgianTime.DayOf(e.Time), e.Time, e.Title, e.AuthorName, e.AuthorName is { } n ? ReadMyDay.FirstName(n) : null, e.Line, e.AuthorId == who.Person)).ToList();
        var voices = WorklistSql.OfKind(session, viewer, p.Patient, (int)EntryKind.Note, 200);
        var words = voices.FirstOrDefault(e => Goals.OwnWords.Counts(e.Discipline) && e.Title == OwnWordsTopic);
        var replies = WorklistSql.OfKind(session, viewer, p.Patient, (int)EntryKind.Reply, 100);
        var questions = WorklistSql.OfKind(session, viewer, p.Patient, (int)EntryKind.Question, 40)
            .Where(e => e.AuthorId == who.Person || e.ReplyOwner == who.Person || e.AnsweredSeq is null).Take(4)
            .Select(e =>
            {
                var owner = e.ReplyOwner is { } id ? people.Find(id) : null;
                var answer = replies.Where(r => r.AnswersSeq == e.Seq && r.AuthorName != e.AuthorName).MaxBy(r => r.Time);
                return new HomeQuestion($"{e.ResourceType}/{e.ResourceId}", MarkdownText.Preview(e.Text ?? e.Title, 300), e.Time, e.ReplyBy, e.AnsweredSeq is null && e.ReplyBy < now, e.AuthorId == who.Person, e.AuthorName ?? "",
                    owner?.DisplayName, owner?.Line, owner?.Id == who.Person, e.AnsweredSeq is null || answer is null ? null : MarkdownText.Preview(answer.Text ?? answer.Title, 300), answer?.AuthorName) { Asked = e.AskedRole is { } role ? Roles.Group(role) : null };
            }).ToList();
        var goals = WorklistSql.OfKind(session, viewer, p.Patient, (int)EntryKind.Goal, 10).Where(e => e.Discipline == Discipline.Patient)
            .Select(e => new HomeGoal($"{e.ResourceType}/{e.ResourceId}", e.Title, e.Text?.Split('\n').LastOrDefault(l => l.Contains(' ', StringComparison.Ordinal)), e.Version)).Take(8).ToList();
        var accountable = p.Accountable is { } a ? people.Find(a) : null;
        return new HomeFile(p.Patient, p.Name, who.OwnFile == p.Patient, words?.Text, words?.Time, coming, questions, goals, p.SeenCursor is null ? null : p.New, p.LastChangeAt,
            accountable?.DisplayName, accountable?.RoleTitle, accountable?.Line, WorklistSql.AccountableSince(session, viewer, p.Patient), TeamOf(session, viewer, who, p)) 
        {
            OwnerId = accountable?.Id,
            Roles = [.. QuestionRoles.Of(session, people, rules.Current, p.Patient, Audience.WholeTeam, InformationCategory.Notes, now).Select(r => new HomeRole(r.Role, Roles.Group(r.Role), r.Answers.DisplayName))],
        };
    }

    private List<HomeMember> TeamOf(DbSession session, WorklistViewer viewer, Actor who, WorklistPatient p)
    {
        var sees = GrantSql.Member(session, p.Patient, viewer.Person, viewer.Now) is { } grant ? rules.Current.ReachIn(who, p.Patient).Within(grant.Allows).Categories : InformationCategory.None;
        return [.. WorklistSql.Team(session, viewer, p.Patient).Where(m => m.Person != viewer.Person)
            .Select(m => people.Find(m.Person) is { } one ? new HomeMember(one.DisplayName, m.Role ?? one.RoleTitle, one.Line)
            {
                Contact = ContactOf.Member(one, p.Patient, one.OwnFile == p.Patient ? WorklistSql.PhoneOf(session, viewer, p.Patient) : null, sees, who.Person), IsOwner = one.Id == p.Accountable,
            } : null).OfType<HomeMember>().OrderBy(m => m.Line)];
    }
}
