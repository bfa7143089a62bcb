using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>What became of a decision about sharing.</summary>
internal abstract record SharingResult
{
    /// <summary>It counts from its beginning on; open pages follow at once.</summary>
    internal sealed record Decided(long Key) : SharingResult;

    /// <summary>Only the patient and whom the patient named as proxy decide about sharing.</summary>
    internal sealed record NotYours : SharingResult;

    /// <summary>Nobody would be left who can answer for the patient: nothing was written.</summary>
    internal sealed record NobodyLeft : SharingResult;

    /// <summary>Its end is not after its beginning, it begins in the past, or what it is about is missing.</summary>
    internal sealed record Incomplete : SharingResult;

    /// <summary>There is no such decision any more.</summary>
    internal sealed record NotThere : SharingResult;
}

/// <summary>Who decides about sharing in a file.</summary>
internal static class Deciding
{
    /// <summary>The patient, or a proxy whom the patient named; null for anybody else.</summary>
    public static ConsentSource? As(DbSession session, PatientRoom room)
    {
        if (room.Role == Discipline.Patient)
            return ConsentSource.Patient;
        if (room.Role != Discipline.InformalCaregiver || !ConsentSql.Of(session, room.Patient, room.Now).Exists(c => c.Scope == ConsentScope.Proxy && c.Permits && c.Person == room.Actor.Person && c.IsInForce(room.Now)))
            return null;
        room.OnBehalfOf = GlassSql.AccountsOf(session, room.Patient).Cast<PersonId?>().FirstOrDefault(); // the records say for whom
        return ConsentSource.Proxy;
    }

    /// <summary>Does it, and answers in words of the domain when nobody would be left.</summary>
    public static async Task<SharingResult> CommitAsync(PatientRoom room, Func<RoomWriter, SharingResult> write, CancellationToken ct)
    {
        try
        {
            return await room.CommitAsync((writer, _) => ValueTask.FromResult(write(writer)), ct);
        }
        catch (NobodyLeft)
        {
            return new SharingResult.NobodyLeft();
        }
    }
}

/// <summary>The patient, or a named proxy, decides who is shown what: in general, by category, for an organisation, for a person. Effect at once.</summary>
internal sealed class DecideSharing(CareDesk desk, KeepRights rights) : PatientUseCase<DecideSharing.Request, SharingResult>(desk)
{
    /// <param name="Categories">The categories; all of them for a decision in general, and for an exclusion.</param>
    /// <param name="From">Null: from now on.</param>
    /// <param name="Until">Exclusive; null: until it is withdrawn. An exclusion has no end.</param>
    internal sealed record Request(ConsentScope Scope, bool Permits, InformationCategory Categories = InformationCategory.All, string? Organisation = null, PersonId? Person = null, DateTime? From = null, DateTime? Until = null, string? Note = null);

    protected override CareAction Needs => CareAction.Read; // who may decide does not stand in the table: Deciding

    protected override Task<SharingResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => Deciding.CommitAsync(room, writer =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (Deciding.As(session, room) is not { } source || (request.Scope == ConsentScope.Proxy && source != ConsentSource.Patient))
            return new SharingResult.NotYours();
        var from = request.From ?? now;
        var categories = request.Scope is ConsentScope.General or ConsentScope.Proxy ? InformationCategory.All : request.Categories & InformationCategory.All;
        var whom = (request.Scope is ConsentScope.Person or ConsentScope.Proxy) == request.Person is not null && (request.Scope == ConsentScope.Organisation) == !string.IsNullOrWhiteSpace(request.Organisation);
        var excludes = request.Scope == ConsentScope.Person && !request.Permits && categories == InformationCategory.All;
        if (!whom || categories == InformationCategory.None || !Enum.IsDefined(request.Scope) || request.Until <= from || request.Until <= now || from < now.AddMinutes(-5) || (excludes && request.Until is not null) || request.Person == room.Actor.Person)
            return new SharingResult.Incomplete();
        if (from < now)
            from = now;

        // From now on and without an end: what said about the same is replaced. A dated decision stands before it for a while, and the other counts again afterwards.
        if (from <= now && request.Until is null)
        {
            foreach (var earlier in ConsentSql.Of(session, room.Patient, now).Where(c => c.Scope == request.Scope && c.Person == request.Person && c.Organisation == request.Organisation && (c.Categories & ~categories) == 0))
                ConsentSql.End(session, room.Patient, earlier.Key, room.Actor.Person, now);
        }

        var key = ConsentSql.Add(session, room.Patient, request.Scope, categories, request.Organisation, request.Person, request.Permits, from, request.Until, source, room.Actor.Person, now, request.Note is null ? null : SafeText.Line(request.Note, 500));
        if (from > now && !rights.SomebodyAnswersAt(session, room.Patient, now, from))
            throw new NobodyLeft(); // it would be refused on the day itself, when nobody is there to be told
        rights.Apply(writer, null);
        writer.Record(CareAction.DecideSharing, $"consent/{key}");
        return new SharingResult.Decided(key);
    }, ct);
}

/// <summary>Withdraws a decision: what the wider ones say counts again. Consent in general is not withdrawn but refused, which is a decision too.</summary>
internal sealed class WithdrawDecision(CareDesk desk, KeepRights rights) : PatientUseCase<WithdrawDecision.Request, SharingResult>(desk)
{
    internal sealed record Request(long Key);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<SharingResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => Deciding.CommitAsync(room, writer =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (Deciding.As(session, room) is not { } source)
            return new SharingResult.NotYours();
        if (ConsentSql.Of(session, room.Patient, now).Find(c => c.Key == request.Key) is not { } decision || (decision.Scope == ConsentScope.Proxy && source != ConsentSource.Patient) || !ConsentSql.End(session, room.Patient, request.Key, room.Actor.Person, now))
            return new SharingResult.NotThere();
        rights.Apply(writer, null);
        writer.Record(CareAction.DecideSharing, $"consent/{request.Key}");
        return new SharingResult.Decided(request.Key);
    }, ct);
}

/// <summary>What the patient decided about sharing, and what that comes to for each member of the team; for the patient and named proxies.</summary>
internal sealed class ReadSharing(CareDesk desk, Platform.SignIn.PeopleDirectory people) : PatientUseCase<ReadSharing.Request, SharingView?>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<SharingView?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        if (Deciding.As(reader.Session, room) is null)
            return ValueTask.FromResult<SharingView?>(null);
        var members = GrantSql.Team(reader.Session, room.Patient, room.Now).Select(m => people.Find(m.Person) is { } p
            ? new SharingMember(p.Id, p.DisplayName, p.RoleTitle, p.Organisation, p.Line, room.Rules.ReachIn(p, room.Patient).Categories, room.Rules.ReachIn(p, room.Patient).Within(m.Allows).Categories, p.OwnFile == room.Patient) : null).OfType<SharingMember>();
        return ValueTask.FromResult<SharingView?>(new SharingView(ConsentSql.All(reader.Session, room.Patient, 200), [.. members.OrderBy(m => m.Line).ThenBy(m => m.Name, StringComparer.Ordinal)]));
    }, ct);
}
