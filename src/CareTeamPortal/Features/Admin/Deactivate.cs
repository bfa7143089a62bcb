using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Admin;

/// <summary>
/// Shuts a person out of the portal: no sign-in, no open page, no membership. File by file, what the person has open goes to who is accountable for the
/// patient; who is accountable themselves hands that on to the next who can answer for care. A file where nobody can is named by its id and kept until
/// somebody joined its team; the person is shut out all the same.
/// </summary>
internal sealed class Deactivate(CareDesk desk, PeopleDirectory people, Sessions sessions, KeepPerson keep, KeepRights rights)
{
    internal abstract record Result;

    /// <summary>Shut out.</summary>
    /// <param name="Teams">Memberships that ended.</param>
    /// <param name="NobodyElse">Files where nobody else can answer for the patient: still this person's, and to be settled.</param>
    internal sealed record Done(int Teams, IReadOnlyList<PatientId> NobodyElse) : Result;

    internal sealed record Refused(Why Reason) : Result;

    internal enum Why
    {
        NotYours,
        NotThere,

        /// <summary>Nobody shuts themselves out.</summary>
        Oneself,
        LastAdministrator,
        NoReason,
    }

    public async Task<Result> RunAsync(Actor actor, PersonId id, string reason, CancellationToken ct)
    {
        if (!actor.IsAdministrator)
            return new Refused(Why.NotYours);
        if (people.Find(id) is not { } person)
            return new Refused(Why.NotThere);
        if (id == actor.Person)
            return new Refused(Why.Oneself);
        if (person.IsAdministrator && !keep.OthersAdminister(id))
            return new Refused(Why.LastAdministrator);
        if (string.IsNullOrWhiteSpace(reason))
            return new Refused(Why.NoReason);
        // Shut out first: what follows may take a while, and may be asked again where it stopped.
        if (person.DeactivatedAt is null)
            await people.KeepAsync([Accounts.Copy(person, p => p.DeactivatedAt = desk.Now)], ct);
        await sessions.EndAllAsync(id, SessionEnd.Deactivated, ct);
        await desk.RecordAdministrationAsync(actor, $"deactivated/{id}", ct);
        var left = new List<PatientId>();
        var ended = 0;
        foreach (var patient in await desk.ReadForTheClockAsync(session => AdminSql.Teams(session, id, desk.Now), ct))
        {
            if (person.OwnFile == patient)
                continue; // a patient stays in the own file; the account alone is shut
            try
            {
                await desk.RoomForTheClock(patient).CommitAsync((writer, _) =>
                {
                    rights.End(writer, id, reason);
                    return ValueTask.FromResult(true);
                }, ct);
                desk.ForgetRights(id, patient);
                ended++;
            }
            catch (NobodyLeft)
            {
                left.Add(patient);
            }
        }

        return new Done(ended, left);
    }

    /// <summary>Lets a person sign in again. Teams do not come back by themselves.</summary>
    public async Task<bool> ReactivateAsync(Actor actor, PersonId id, CancellationToken ct)
    {
        if (!actor.IsAdministrator || people.Find(id) is not { DeactivatedAt: not null } person)
            return false;
        await people.KeepAsync([Accounts.Copy(person, p => p.DeactivatedAt = null)], ct);
        await desk.RecordAdministrationAsync(actor, $"reactivated/{id}", ct);
        return true;
    }
}
