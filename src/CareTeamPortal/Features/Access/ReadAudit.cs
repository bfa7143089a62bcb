using System.Collections.Concurrent;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// Governance officers read who opened files, over all of them: who, when, through which door, by what right, and what was refused by which rule. Nothing of a file, and not
/// whose it is: a file has a mark that stays the same, and family and patients are named by what they are. Who asks about one file gives its number; the patient then reads that
/// an officer looked at the list. What officers look at is recorded like anything else.
/// </summary>
internal sealed class ReadAudit(CareDesk desk, PeopleDirectory people, CursorCodec cursors, TimeProvider clock)
{
    public const int PageSize = 100;

    /// <summary>What an access record of a look says.</summary>
    private const string What = "audit";

    private readonly ConcurrentDictionary<(PersonId, PatientId?, PersonId?), DateTime> _recorded = new();

    /// <param name="File">One file; null: all.</param>
    /// <param name="Before">Recorded before this number, which stays on the server.</param>
    internal sealed record Request(AccessFilter Filter, PatientId? File = null, long? Before = null, int Count = PageSize, string? Id = null);

    /// <param name="Source">Stays on the server: what it is about, for the next question.</param>
    /// <param name="Mark">Of the file; null for what is about no file.</param>
    /// <param name="Name">Null for the patient and for family: <paramref name="Role"/> says what they are.</param>
    internal sealed record Line(AccessLine Source, string Id, DateTime At, string? Mark, string? Name, string Role, string? Organisation, CareLine? Care)
    {
        public AccessKind Kind => Source.Kind;

        public AccessRecordRow Row => Source.Row;
    }

    /// <param name="Next">Ask for what was recorded before this; null at the end.</param>
    internal sealed record Page(IReadOnlyList<Line> Lines, long? Next);

    public static bool May(Actor actor) => actor.Discipline == Discipline.GovernanceOfficer;

    /// <summary>A page, the latest record first; null for who is no officer.</summary>
    public async Task<Page?> RunAsync(Actor actor, Request request, AccessSource source, CancellationToken ct)
    {
        if (!May(actor))
            return null;
        await RecordAsync(actor, request, source, ct);
        return await desk.ReadForTheClockAsync(session =>
        {
            if (request.Id is { } id)
                return new Page(cursors.RevealId(CareDesk.RecordsOfAdministration, id) is { } key && AccessLogSql.Any(session, key) is { } one ? [LineOf(one)] : [], null);
            var count = Math.Clamp(request.Count, 1, 1_000);
            var (lines, next) = AccessLogSql.Across(session, request.Filter, request.File, request.Before, count);
            return new Page(lines.ConvertAll(LineOf), next);
        }, ct);
    }

    /// <summary>What is recorded before anything is shown: in the chain of the one file that is asked about, else in that of the administration.</summary>
    private async Task RecordAsync(Actor actor, Request request, AccessSource source, CancellationToken ct)
    {
        var (key, now) = ((actor.Person, request.File, request.Filter.Person), clock.UtcMicroseconds());
        if (_recorded.TryGetValue(key, out var at) && now - at < CareDesk.OpeningLasts)
            return;
        await desk.KeepOwnAsync(actor, (session, who, _) =>
        {
            if (request.File is { } file && CareStore.FindPatient(session, file).Exists)
                CareStore.InsertAccessRecord(session, file, who.Person, now, AccessPurpose.Governance, source, CareAction.ReadAccessLog, true);
            else
                CareStore.InsertAccessRecord(session, CareDesk.RecordsOfAdministration, who.Person, now, AccessPurpose.Governance, source, CareAction.ReadAccessLog, true, request.Filter.Person is { } about ? $"{What}/{about}" : What);
            return true;
        }, ct);
        if (_recorded.Count > 10_000)
            _recorded.Clear(); // one record too many is harmless
        _recorded[key] = now;
    }

    private Line LineOf(AccessLine line)
    {
        var (row, file) = (line.Row, new PatientId(line.Row.PatientId));
        var person = people.Find(row.PersonId);
        var shown = person is not null && person.Discipline.Kind() is not RoleKind.Patient && person.Discipline != Discipline.InformalCaregiver && person.OwnFile != file;
        var isFile = file.Value is { Length: > 0 } id && id[0] is not ('_' or '$');
        return new(line, cursors.HideAsId(CareDesk.RecordsOfAdministration, row.Key), row.At, isFile ? MarkOf(cursors, file) : null, shown ? person!.DisplayName : null,
            person is null ? AccessWords.Get("Person.Portal") : shown ? person.RoleTitle : Roles.Title(SharingRules.RoleIn(person.Discipline, person.OwnFile, file)), shown ? person!.Organisation : null, person?.Line);
    }

    /// <summary>The mark of a file: the same each time, and nothing can be read from it without the portal's key.</summary>
    public static string MarkOf(CursorCodec cursors, PatientId file) => cursors.HideAsId(file, 0)[..10];
}
