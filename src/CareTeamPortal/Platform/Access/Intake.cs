using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Access;

/// <summary>Who brings data in. On the command line the operator of the portal, through FHIR a person.</summary>
/// <param name="By">The person, or null for the operator.</param>
/// <param name="Team">Who gets on the team of a patient that is new.</param>
/// <param name="Reason">Written with the grants: import, created, demo.</param>
/// <param name="Source">The door, for the access records.</param>
internal sealed record IntakeAuthority(Actor? By, IReadOnlyList<PersonId> Team, string Reason, AccessSource Source)
{
    /// <summary>Name of the operator in access records.</summary>
    public static PersonId Operator { get; } = new("operator");
}

/// <summary>
/// Taking data in: the one place that writes to files of several patients in a transaction. A person may only bring data for patients on whose
/// team they are, and for patients that did not exist; the operator for all. Each file that is touched gets an access record.
/// </summary>
internal sealed class Intake(WriteSession session, IntakeAuthority authority, SharingRules rules, DateTime now, Func<Opening, bool> isRecorded)
{
    private readonly List<Opening> _opened = [];
    private readonly Dictionary<PatientId, (long Stored, long Now)> _cursors = [];
    private readonly Dictionary<PatientId, bool> _open = [];

    /// <summary>For the hand-written SQL of Platform/Data.</summary>
    public DbSession Session => session;

    public IntakeAuthority Authority => authority;

    /// <summary>The sharing rules in force.</summary>
    public SharingRules Rules => rules;
    public DateTime Now => now;

    /// <summary>Openings for which a record was written here; they count once the transaction is committed.</summary>
    internal IReadOnlyList<Opening> Opened => _opened;

    /// <summary>Files that were raised, with their newest cursor.</summary>
    internal IEnumerable<(PatientId Patient, long Cursor)> Raised => _cursors.Select(c => (c.Key, c.Value.Now));

    /// <summary>Whether data may be filed for this patient. A file that does not exist may be made.</summary>
    public bool MayFile(PatientId patient)
    {
        if (_open.TryGetValue(patient, out var open))
            return open;
        session.Lock(patient);
        var (exists, _) = CareStore.FindPatient(session, patient);
        open = authority.By is not { } actor
            || (rules.MayIn(actor, patient, CareAction.Write) && (!exists || !ReachOf(actor, patient).IsEmpty));
        _open[patient] = open;
        var opening = new Opening(authority.By?.Person ?? IntakeAuthority.Operator, patient, AccessPurpose.Import, authority.Source, open, false);
        if (!isRecorded(opening))
        {
            CareStore.InsertAccessRecord(session, patient, opening.Person, now, opening.Purpose, opening.Source, CareAction.Write, open, null, authority.By is null ? default : new AccessWhy(GrantSql.Find(session, patient, opening.Person, now)?.Kind, null, null, rules.Number, null));
            _opened.Add(opening);
        }

        return open;
    }

    /// <summary>What a person reaches in a file now: none when it is closed to them.</summary>
    public Reach ReachOf(Actor actor, PatientId patient) => ReachOf(session, rules, actor, patient, now);

    /// <summary>The same outside an intake.</summary>
    public static Reach ReachOf(DbSession session, SharingRules rules, Actor actor, PatientId patient, DateTime now) =>
        GrantSql.Find(session, patient, actor.Person, now) is { } grant ? rules.ReachIn(actor, patient).Within(grant.Allows) : Reach.None;

    /// <summary>Makes the file of a patient, or brings its demographics up to date; a new file gets its team.</summary>
    public bool KeepPatient(PatientRow patient)
    {
        var isNew = CareStore.UpsertPatient(session, patient);
        if (isNew)
        {
            // Sharing is as it was registered where the file comes from; the patient can change it from the first day on.
            ConsentSql.Add(session, patient.Id, ConsentScope.General, InformationCategory.All, null, null, true, now, null, authority.By is null ? ConsentSource.TakenOver : ConsentSource.Registered, authority.By?.Person, now, authority.Reason);
            foreach (var person in authority.Team)
                CareStore.Grant(session, patient.Id, person, null, now, authority.By?.Person, authority.Reason, now);
            if (authority.Team.Count > 0)
            {
                // Never without somebody accountable; a professional who can answer for care, where the team has one.
                var accountable = authority.Team.Where(p => CareStore.DisciplineOf(session, p) is { } discipline && SharingRules.AnswersForCare(discipline)).Append(authority.Team[0]).First();
                CareStore.SetAccountable(session, patient.Id, accountable, now, (_, _, _) => accountable); // nothing is open in a new file
            }
        }

        return isNew;
    }

    /// <summary>The next number of this patient's commits.</summary>
    public long NextCursor(PatientId patient)
    {
        var next = _cursors.TryGetValue(patient, out var cursor) ? (cursor.Stored, Now: cursor.Now + 1) : default;
        if (next.Now == 0)
        {
            var raised = CareStore.RaiseCursor(session, patient, now);
            next = (raised, raised);
        }

        _cursors[patient] = next;
        return next.Now;
    }

    internal void Finish()
    {
        foreach (var (patient, cursor) in _cursors)
        {
            if (cursor.Now != cursor.Stored)
                CareStore.SetCursor(session, patient, cursor.Now);
        }
    }
}
