using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// The page's way to <see cref="BreakGlass"/>: by the id of an address, or by an exact national number or name and birth date. Nothing is looked up before the person
/// gave a reason and proved again who they are; each look costs one proof. Unknown, ambiguous and excluded answer alike.
/// </summary>
internal sealed class OpenInEmergency(CareDesk desk, BreakGlass glass, Sessions sessions)
{
    /// <summary>Whom the person means: one of the three ways.</summary>
    /// <param name="File">Of the address of a closed file.</param>
    /// <param name="Number">National number; spaces and points are forgiven.</param>
    /// <param name="Name">Family and given name, in any order, complete.</param>
    /// <param name="Born">Goes with the name.</param>
    internal sealed record Whom(PatientId? File = null, string? Number = null, string? Name = null, DateOnly? Born = null);

    /// <param name="Session">The session that has the proof; null for who has none.</param>
    internal sealed record Request(Whom Whom, EmergencyReason? Reason, string Words, string? Session);

    /// <summary>What came of it, and whose file it is when it opened.</summary>
    internal sealed record Answer(BreakGlass.Result Result, PatientId? Patient);

    public async Task<Answer> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (request.Reason is not { } reason || !Enum.IsDefined(reason) || SafeText.Line(request.Words ?? "", 1000).Length < BreakGlass.ShortestWords)
            return Refused(BreakGlass.Why.NoReason);
        if (request.Session is not { } session || !await sessions.UseProofAsync(session, ct))
            return Refused(BreakGlass.Why.SignInAgain);
        if (await FindAsync(request.Whom, ct) is not { } patient)
        {
            await desk.RecordAdministrationAsync(actor, "emergency/nobody", ct); // no file to write the attempt in
            return Refused(BreakGlass.Why.NotThere);
        }

        var result = await glass.RunAsync(actor, patient, new(reason, request.Words ?? "", desk.Now), ct);
        return new(result, result is BreakGlass.Broken or BreakGlass.Refused { Reason: BreakGlass.Why.OpenAlready } ? patient : null);
    }

    /// <summary>Whether the session has a proof to use.</summary>
    public Task<bool> HasProofAsync(string session, CancellationToken ct) => sessions.HasProofAsync(session, ct);

    private async Task<PatientId?> FindAsync(Whom whom, CancellationToken ct)
    {
        if (whom.File is { } file)
            return file;
        if (DigitsOf(whom.Number) is { } digits)
            return await desk.ReadForTheClockAsync(session => GlassSql.WithNumber(session, digits), ct);
        var words = Words(NameFolding.Fold(whom.Name));
        if (whom.Born is not { } born || words.Length < 2)
            return null;
        var found = await desk.ReadForTheClockAsync(session => GlassSql.BornOn(session, born), ct);
        return found.Where(f => Words(f.SortName).SequenceEqual(words, StringComparer.Ordinal)).Select(f => f.Id).Distinct().Take(2).ToList() is [var one] ? one : null;
    }

    /// <summary>The eleven digits of a number; null when there are not eleven. The check digits are not asked for: sources send numbers that fail them.</summary>
    internal static string? DigitsOf(string? number) =>
        number is not null && number.All(c => char.IsAsciiDigit(c) || c is ' ' or '.' or '-' or '/') && new string([.. number.Where(char.IsAsciiDigit)]) is { Length: 11 } digits ? digits : null;

    private static string[] Words(string folded) => [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static Answer Refused(BreakGlass.Why why) => new(new BreakGlass.Refused(why, default), null);
}

/// <summary>Who opened a file in an emergency closes it before its four hours are over.</summary>
internal sealed class EndEmergency(CareDesk desk) : PatientUseCase<EndEmergency.Request, bool>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    /// <returns>False when the file is open to this person by a relation, and not in this way.</returns>
    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (!GlassSql.End(session, room.Patient, room.Actor.Person, now))
            return ValueTask.FromResult(false);
        RelationSql.Tell(session, room.Patient, room.Actor.Person, RelationStep.Ended, RelationKind.BreakGlass, now, now, room.Actor.Person, null, now);
        writer.RightsChanged();
        writer.Record(CareAction.BreakGlass, "glass/ended");
        return ValueTask.FromResult(true);
    }, ct);
}
