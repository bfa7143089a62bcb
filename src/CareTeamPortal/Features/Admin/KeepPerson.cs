using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Admin;

/// <summary>Adds a person, changes who they are and in which role, or lets in an account that waits. Another role ends what the old one opened.</summary>
internal sealed class KeepPerson(CareDesk desk, PeopleDirectory people, Sessions sessions)
{
    /// <param name="Id">Null for somebody new.</param>
    /// <param name="Seen">When the row that was edited changed last; null for somebody new.</param>
    internal sealed record Request(PersonId? Id, string Name, Discipline Discipline, CareLine Line, string RoleTitle, string? Organisation, string? Riziv, bool IsAdministrator, DateTime? Seen);

    internal abstract record Result;

    internal sealed record Kept(PersonRow Person) : Result;

    internal sealed record Refused(Why Reason) : Result;

    internal enum Why
    {
        /// <summary>Only administrators.</summary>
        NotYours,
        NotThere,

        /// <summary>Somebody else changed this person in the meantime.</summary>
        ChangedMeanwhile,
        NoName,
        NoRole,

        /// <summary>The check digits are wrong.</summary>
        BadRiziv,

        /// <summary>Another person has this RIZIV number.</summary>
        RizivTaken,

        /// <summary>There would be no administrator any more.</summary>
        LastAdministrator,

        /// <summary>A patient's account is tied to the patient's file.</summary>
        RoleOfPatient,
    }

    public async Task<Result> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        var name = SafeText.Line(request.Name ?? "", 120).Trim();
        var before = request.Id is { } id ? people.Find(id) : null;
        if (!actor.IsAdministrator)
            return new Refused(Why.NotYours);
        if (request.Id is not null && before is null)
            return new Refused(Why.NotThere);
        if (before is not null && before.ChangedAt != request.Seen)
            return new Refused(Why.ChangedMeanwhile);
        if (name.Length == 0)
            return new Refused(Why.NoName);
        if (!Enum.IsDefined(request.Discipline) || !Enum.IsDefined(request.Line) || request.Discipline is Discipline.Unknown or Discipline.Organisation)
            return new Refused(Why.NoRole);
        if (before is not null && (before.Discipline == Discipline.Patient) != (request.Discipline == Discipline.Patient) && before.Discipline != Discipline.Unknown)
            return new Refused(Why.RoleOfPatient);
        Nihii riziv = default;
        var numbered = !string.IsNullOrWhiteSpace(request.Riziv);
        if (numbered && !Nihii.TryParse(request.Riziv, out riziv))
            return new Refused(Why.BadRiziv);
        if (numbered && people.People.Values.Any(p => p.Id != before?.Id && p.DeactivatedAt is null && Nihii.TryParse(p.ProfessionalNumber, out var other) && other.Core == riziv.Core))
            return new Refused(Why.RizivTaken);
        if (before?.IsAdministrator == true && !request.IsAdministrator && !OthersAdminister(before.Id))
            return new Refused(Why.LastAdministrator);

        void Fill(PersonRow p)
        {
            p.DisplayName = name;
            p.Discipline = request.Discipline;
            p.Line = request.Line;
            p.RoleTitle = SafeText.Line(request.RoleTitle ?? "", 80).Trim() is { Length: > 0 } title ? title : Roles.Title(request.Discipline);
            p.Organisation = SafeText.Line(request.Organisation ?? "", 120).Trim() is { Length: > 0 } organisation ? organisation : null;
            p.ProfessionalNumber = numbered ? riziv.Digits : null;
            p.FhirType = Accounts.TypeOf(request.Discipline);
            p.IsAdministrator = request.IsAdministrator;
            p.Asks = null;
        }

        var person = before is null
            ? new PersonRow { Id = NewId(name), DisplayName = name, Discipline = request.Discipline, Line = request.Line, RoleTitle = "", FhirType = "" }
            : Accounts.Copy(before, static _ => { });
        Fill(person);
        await people.KeepAsync([person], ct);
        await desk.RecordAdministrationAsync(actor, $"person/{person.Id}", ct);
        if (before is not null && (before.Discipline != person.Discipline || before.Line != person.Line || before.Organisation != person.Organisation || before.IsAdministrator != person.IsAdministrator))
            await sessions.EndAllAsync(person.Id, SessionEnd.RoleChanged, ct);
        return new Kept(people.Find(person.Id)!);
    }

    internal bool OthersAdminister(PersonId but) => people.People.Values.Any(p => p.Id != but && p is { IsAdministrator: true, DeactivatedAt: null });

    /// <summary>A user name after the name: "lotte.aertsen", "lotte.aertsen.2".</summary>
    private PersonId NewId(string name)
    {
        var parts = NameFolding.Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(p => p is not ("dr" or "dr." or "prof" or "prof.")).Select(p => new string([.. p.Where(char.IsAsciiLetterOrDigit)])).Where(p => p.Length > 0).ToList();
        var wanted = parts.Count == 0 ? "p" : string.Join('.', parts);
        wanted = wanted[..Math.Min(wanted.Length, 48)].Trim('.');
        for (var n = 1; ; n++)
        {
            var id = new PersonId(n == 1 ? wanted : $"{wanted}.{n}");
            if (people.Find(id) is null)
                return id;
        }
    }
}

/// <summary>Ties an account that waits to a professional who is known here: the next sign-in is theirs. The waiting account goes.</summary>
internal sealed class LinkAccount(CareDesk desk, PeopleDirectory people, Sessions sessions)
{
    /// <summary>True when it was tied; false when one of the two is not there any more, or has an account already.</summary>
    public async Task<bool> RunAsync(Actor actor, PersonId waiting, PersonId professional, CancellationToken ct)
    {
        if (!actor.IsAdministrator || people.Find(waiting) is not { Discipline: Discipline.Unknown, ExternalSubject: { } subject } account
            || people.Find(professional) is not { ExternalSubject: null, DeactivatedAt: null } person || person.Discipline == Discipline.Unknown)
            return false;
        // The row stays, as everybody's does, but it is nobody's account any more.
        await people.KeepAsync([Accounts.Copy(account, p => (p.ExternalSubject, p.DeactivatedAt, p.Asks) = (null, desk.Now, null)), Accounts.Copy(person, p => p.ExternalSubject = subject)], ct);
        await desk.RecordAdministrationAsync(actor, $"link/{waiting}/{professional}", ct);
        await sessions.EndAllAsync(waiting, SessionEnd.RoleChanged, ct);
        return true;
    }
}
