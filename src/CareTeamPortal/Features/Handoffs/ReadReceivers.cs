using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Who could be asked to take a hand-off: the people of the team, their roles, their organisations' queues; who cannot is there with the reason.</summary>
internal sealed class ReadReceivers(CareDesk desk, TaskFiling tasks, PeopleDirectory people) : PatientUseCase<ReadReceivers.Request, IReadOnlyList<HandoffReceiver>>(desk)
{
    internal sealed record Request(Audience Audience, InformationCategory Tells);

    protected override CareAction Needs => CareAction.HandOff;

    protected override Task<IReadOnlyList<HandoffReceiver>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<IReadOnlyList<HandoffReceiver>>((reader, _) =>
    {
        var session = reader.Session;
        var allows = GrantSql.Team(session, room.Patient, room.Now).GroupBy(m => m.Person).ToDictionary(g => g.Key, g => g.Aggregate(InformationCategory.None, (all, m) => all | m.Allows));
        // Where the team is closed to who hands on, they know of it who is accountable and who coordinates; roles and queues of these.
        var open = room.Reach.Categories.HasFlag(InformationCategory.TeamAndAgenda);
        var (accountable, coordinator) = (CareStore.Accountable(session, room.Patient), TaskSql.Coordinator(session, room.Patient));
        var team = allows.Keys.Where(p => p != room.Actor.Person && (open || p == accountable || p == coordinator)).Select(people.Find).OfType<PersonRow>().ToList();
        var found = new List<HandoffReceiver>();
        foreach (var person in team.OrderBy(p => p.Line).ThenBy(p => p.DisplayName, StringComparer.Ordinal))
        {
            var reach = room.Rules.ReachIn(person, room.Patient).Within(allows[person.Id]);
            var hidden = request.Tells & ~reach.Categories;
            var why = !room.Rules.MayIn(person, room.Patient, CareAction.HandOff) ? HandoffWords.Get("Receiver.NoCare", person.RoleTitle)
                : (reach.Audience & request.Audience) == 0 ? HandoffWords.Get("Receiver.NotShared")
                : hidden != 0 ? HandoffWords.Get("Receiver.MayNotSee", string.Join(", ", Enum.GetValues<InformationCategory>().Where(c => System.Numerics.BitOperations.IsPow2((int)c) && (hidden & c) != 0).Select(c => HandoffWords.Get("Category." + c)))) : null;
            found.Add(new HandoffReceiver(TaskParty.Of(person), person.DisplayName, person.Organisation is { } at ? $"{person.RoleTitle}, {at}" : person.RoleTitle, person.Line, why));
        }

        var able = team.Where(p => room.Rules.MayIn(p, room.Patient, CareAction.HandOff)).ToList();
        void AddGroup(TaskParty party, string name, string one, string many)
        {
            var who = OfferHandoff.Receivers(session, tasks, room.Patient, party, request.Audience, request.Tells, room.Now).Where(p => p.Id != room.Actor.Person).ToList();
            found.Add(new HandoffReceiver(party, name, who.Count == 1 ? HandoffWords.Get(one, who[0].DisplayName) : HandoffWords.Get(many, who.Count), null, who.Count == 0 ? HandoffWords.Get("Receiver.NobodyThere") : null));
        }

        foreach (var role in able.Select(p => p.Discipline).Distinct().Order())
            AddGroup(TaskParty.OfRole(role, Roles.Title(role)), HandoffWords.Get("Receiver.Role", Roles.Title(role)), "Receiver.Group1", "Receiver.GroupN");
        foreach (var organisation in able.Select(p => p.Organisation).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            AddGroup(TaskParty.OfOrganisation(organisation), HandoffWords.Get("Receiver.Queue", organisation), "Receiver.Group1", "Receiver.GroupN");
        return ValueTask.FromResult<IReadOnlyList<HandoffReceiver>>(found);
    }, ct);
}

/// <summary>Somebody who could be asked.</summary>
/// <param name="Why">Why not; null when they can.</param>
public sealed record HandoffReceiver(TaskParty Party, string Name, string Detail, CareLine? Line, string? Why);
