using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Somebody or something that can be asked: a member, a role in the team, the queue of an organisation.</summary>
/// <param name="Key">Stable within one team, for drafts.</param>
/// <param name="Detail">The small line: role, or how many people it reaches.</param>
public sealed record TaskChoice(string Key, TaskParty Party, string Name, string Detail, CareLine? Line, bool IsMe = false);

/// <summary>Whom a task of one patient can be asked: who may do tasks there and may see it.</summary>
internal static class TaskChoices
{
    /// <summary>Oneself first, then people, roles, organisations.</summary>
    public static IReadOnlyList<TaskChoice> Of(IReadOnlyList<ReadTeam.Member> team, PersonId me, Audience audience, PeopleDirectory people)
    {
        var able = team.Where(m => m.DoesTasks && (m.SeesNotes & audience) != 0).ToList();
        var choices = new List<TaskChoice>();
        foreach (var member in able.OrderByDescending(m => m.Person == me))
        {
            if (people.Find(member.Person) is { } row)
                choices.Add(new("p:" + row.Id.Value, TaskParty.Of(row), row.DisplayName, member.Role, member.Line, member.Person == me));
        }

        foreach (var role in able.Where(m => SharingRules.AnswersForCare(m.Discipline) || m.Discipline is Discipline.HomeCareAide).GroupBy(m => m.Discipline))
        {
            var name = Roles.Title(role.Key);
            choices.Add(new($"r:{(int)role.Key}", TaskParty.OfRole(role.Key, name), TaskWords.Get("For.Role", name), Reaches(role), role.First().Line));
        }

        foreach (var queue in able.Where(m => !string.IsNullOrWhiteSpace(m.Organisation)).GroupBy(m => m.Organisation!))
            choices.Add(new("o:" + queue.Key, TaskParty.OfOrganisation(queue.Key), TaskWords.Get("For.Queue", queue.Key), Reaches(queue), queue.First().Line));
        return choices;
    }

    /// <summary>Those whose name or role holds what was typed.</summary>
    public static IReadOnlyList<TaskChoice> Find(IEnumerable<TaskChoice> choices, string typed)
    {
        var words = NameFolding.Fold(typed).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. choices.Where(c => words.All(NameFolding.Fold($"{c.Name} {c.Detail}").Contains)).Take(30)];
    }

    private static string Reaches(IEnumerable<ReadTeam.Member> members) => string.Join(", ", members.Select(m => m.Name).Take(4));
}
