using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>One open task.</summary>
/// <param name="Falls">Due in the absence, or to be taken on in it: who does it is asked. The others can be given away too.</param>
public sealed record AwayItem(TaskView Task, bool Falls)
{
    /// <summary>Somebody was asked to take it over already and has not answered.</summary>
    public bool IsArranged => Task.Delegate is not null || Task.DelegateId is not null;
}

/// <summary>The open tasks of one patient, those that fall in the absence first, by due date.</summary>
public sealed record AwayFile(PatientId Patient, string Name, IReadOnlyList<AwayItem> Items)
{
    public int Falling => Items.Count(i => i.Falls);
}

/// <summary>Whom the tasks of a patient can be asked.</summary>
/// <param name="All">Colleagues of the same role or organisation first, then other professionals, who is away then last.</param>
/// <param name="Away">Keys of those who are away at some moment of the absence.</param>
public sealed record StandIns(IReadOnlyList<TaskChoice> All, IReadOnlySet<string> Away);

/// <summary>All that somebody has open, by patient, seen from an absence: what falls in it asks for somebody else.</summary>
internal sealed class ReadAbsencePlan(ReadWorklist worklist, ReadTeam readTeam, ReadTeamAbsences absences, PeopleDirectory people)
{
    private const int AtOnce = 200;

    /// <summary>All open tasks, page by page to the last: what is not read would be without anybody.</summary>
    public async Task<IReadOnlyList<AwayFile>> RunAsync(Actor me, DateTime from, DateTime until, CancellationToken ct)
    {
        var found = new Dictionary<string, TaskView>(StringComparer.Ordinal);
        (long, string)? after = null;
        do
        {
            var page = await worklist.RunAsync(me, new(TaskList.Mine, new TaskFilter(), after, AtOnce), ct);
            foreach (var task in page.Tasks.Where(t => t.OwnerId == me.Person && t.State != TaskState.Draft))
                found.TryAdd(task.Id, task);
            after = page.Next;
        }
        while (after is not null);

        bool In(DateTime? at) => at >= from && at < until;
        return [.. found.Values.GroupBy(t => t.Patient)
            .Select(file => new AwayFile(file.Key, file.First().PatientName, [.. file.Select(t => new AwayItem(t, In(t.DueAt) || (t.State.IsAsked() && In(t.AcceptBy)))).OrderByDescending(i => i.Falls).ThenBy(i => i.Task.DueAt ?? DateTime.MaxValue).ThenBy(i => i.Task.Id, StringComparer.Ordinal)]))
            .OrderByDescending(f => f.Falling > 0).ThenBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Patient.Value, StringComparer.Ordinal)];
    }

    /// <exception cref="PatientNotFound">The file is not open to this actor any more.</exception>
    public async Task<StandIns> StandInsAsync(Actor me, PatientId patient, DateTime from, DateTime until, CancellationToken ct)
    {
        var team = await readTeam.RunAsync(me, patient, new(), ct);
        var away = await absences.RunAsync(me, patient, new(from, until), ct);
        var mine = people.Find(me.Person);
        var colleagues = team.Where(m => m.Discipline == me.Discipline || (m.Organisation is not null && m.Organisation == mine?.Organisation)).Select(m => "p:" + m.Person.Value).ToHashSet(StringComparer.Ordinal);
        // Of a role or a queue somebody has to be there.
        var choices = TaskChoices.Of([.. team.Where(m => m.Person != me.Person)], default, Audience.WholeTeam, people);
        bool IsThere(TaskChoice choice) => team.Any(m => m.Person != me.Person && !away.Contains(m.Person) && choice.Party.Includes(m.Person, m.Discipline, m.Organisation));
        var gone = choices.Where(c => !IsThere(c)).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        // Nobody's first thought is to leave a nurse's work to the family.
        var family = team.Where(m => !SharingRules.AnswersForCare(m.Discipline)).Select(m => "p:" + m.Person.Value).ToHashSet(StringComparer.Ordinal);
        return new StandIns([.. choices.OrderBy(c => gone.Contains(c.Key)).ThenByDescending(c => colleagues.Contains(c.Key)).ThenBy(c => family.Contains(c.Key))], gone);
    }
}
