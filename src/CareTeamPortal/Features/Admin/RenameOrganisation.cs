using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Admin;

/// <summary>Gives an organisation another name, for all who work there. Not while tasks wait in its queue: they name it as it is.</summary>
internal sealed class RenameOrganisation(CareDesk desk, PeopleDirectory people, Sessions sessions)
{
    internal abstract record Result;

    internal sealed record Renamed(int People) : Result;

    /// <summary>So many tasks wait in its queue.</summary>
    internal sealed record TasksWait(long Tasks) : Result;

    internal sealed record Refused : Result;

    public async Task<Result> RunAsync(Actor actor, string from, string to, CancellationToken ct)
    {
        var name = SafeText.Line(to ?? "", 120).Trim();
        var there = people.People.Values.Where(p => p.Organisation == from).ToList();
        if (!actor.IsAdministrator || there.Count == 0 || name.Length == 0 || name == from)
            return new Refused();
        if (await desk.ReadForTheClockAsync(session => AdminSql.Queue(session, from), ct) is > 0 and var waiting)
            return new TasksWait(waiting);
        await people.KeepAsync([.. there.Select(p => Accounts.Copy(p, c => c.Organisation = name))], ct);
        await desk.RecordAdministrationAsync(actor, "organisation", ct);
        foreach (var person in there)
            await sessions.EndAllAsync(person.Id, SessionEnd.RoleChanged, ct, but: null);
        return new Renamed(there.Count);
    }
}
