using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>A person says where they can be reached. Only the person does; the change stands in the access records of administration, without what was written.</summary>
internal sealed class KeepOwnContact(CareDesk desk, PeopleDirectory people)
{
    internal sealed record Request(string? Phone, string? Email);

    internal abstract record Result;

    internal sealed record Kept(ContactDetails Details) : Result;

    /// <summary>What was written cannot be called, or no mail can go there.</summary>
    internal sealed record Refused(bool BadPhone, bool BadEmail) : Result;

    public ContactDetails Of(Actor actor) => people.Find(actor.Person) is { } me ? new(me.Phone, me.Email) : default;

    public async Task<Result> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        var details = new ContactDetails(ContactDetails.ParsePhone(request.Phone), ContactDetails.ParseEmail(request.Email));
        var (badPhone, badEmail) = (details.Phone is null && !SafeText.IsBlank(request.Phone), details.Email is null && !SafeText.IsBlank(request.Email));
        if (badPhone || badEmail || people.Find(actor.Person) is not { DeactivatedAt: null } me)
            return new Refused(badPhone, badEmail);
        if (details == new ContactDetails(me.Phone, me.Email))
            return new Kept(details);
        await people.KeepAsync([Accounts.Copy(me, p => (p.Phone, p.Email) = (details.Phone, details.Email))], ct);
        await desk.RecordAdministrationAsync(actor, $"contact/{actor.Person}", ct);
        return new Kept(details);
    }
}
