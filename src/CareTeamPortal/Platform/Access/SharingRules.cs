using System.Collections.Immutable;

namespace CareTeamPortal.Platform.Access;

/// <summary>What the sharing rules can give.</summary>
public enum RuleRight
{
    Read = 0,
    Write = 1,
    HandOff = 2,
    Invite = 3,
}

/// <summary>The rule that decided, as people cite it.</summary>
/// <param name="Rule">"4.2": the second category of the fourth line of the table; null when the table has no line for the role, or the answer does not stand in the table.</param>
/// <param name="Version">Version of the sharing rules.</param>
public readonly record struct RuleCitation(string? Rule, int Version);

/// <summary>
/// One published version of the sharing rules, unchangeable: what a role reads, writes, hands on and invites, by care line and information category.
/// It decides for pages, hub, FHIR and background work alike; there is no second list. Which version is in force says <see cref="RuleBook"/>.
/// </summary>
/// <remarks>
/// Not sharing, and therefore not in the table but with the kind of the role (<see cref="RoleKind"/>): for whom entries are written that it reads; pinning for
/// the team (professionals and the patient); the whole national number (the same); the access log (the patient); one's own drafts (whoever reads); being
/// accountable for care (professionals).
/// </remarks>
public sealed class SharingRules
{
    private static readonly int Lines = Enum.GetValues<CareLine>().Length;
    private static readonly int Roles = Enum.GetValues<Discipline>().Max(d => (int)d) + 1;

    private readonly RuleLine?[] _lines = new RuleLine?[Roles * Lines];

    internal SharingRules(int number, RuleDocument document)
    {
        (Number, Document) = (number, document);
        // A line for one care line goes before the line for any.
        foreach (var line in document.Lines.OrderBy(l => l.Line is null ? 0 : 1))
        {
            foreach (var care in Enum.GetValues<CareLine>())
            {
                if (line.Line is null || line.Line == care)
                    _lines[((int)line.Role * Lines) + (int)care] = line;
            }
        }
    }

    /// <summary>The version.</summary>
    public int Number { get; }

    /// <summary>The table itself.</summary>
    public RuleDocument Document { get; }

    /// <summary>As what an actor stands in this file: a patient is a patient in the own file only, in another's an informal caregiver.</summary>
    public static Discipline RoleIn(Actor actor, PatientId patient) => RoleIn(actor.Discipline, actor.OwnFile, patient);

    /// <summary>As what a person stands in this file.</summary>
    public static Discipline RoleIn(Discipline discipline, PatientId? ownFile, PatientId patient) =>
        ownFile == patient ? Discipline.Patient : discipline == Discipline.Patient ? Discipline.InformalCaregiver : discipline;

    /// <summary>Who can be accountable for care: professionals who treat or support, not family, the patient, aides, mutuality or officers.</summary>
    public static bool AnswersForCare(Discipline discipline) => discipline.Kind() == RoleKind.Professional;

    /// <summary>What an actor reaches in a file that is open to them, as far as the rules go; consent may leave less.</summary>
    public Reach ReachIn(Actor actor, PatientId patient) => ReachOf(RoleIn(actor, patient), actor.Line);

    /// <summary>What an actor reaches in lists across files: a patient in the own file as the patient, in others' as whoever they are there.</summary>
    public AcrossReach ReachAcross(Actor actor) => new(
        ReachOf(actor.Discipline == Discipline.Patient ? Discipline.InformalCaregiver : actor.Discipline, actor.Line), actor.OwnFile, ReachOf(Discipline.Patient, actor.Line));

    /// <summary>What a role reaches from a care line.</summary>
    public Reach ReachOf(Discipline role, CareLine line)
    {
        var audience = role.Kind().Audience();
        var read = LineOf(role, line)?.Read ?? InformationCategory.None;
        // Words of an entry are clinical, whatever its category: who follows coordination reads entries only where the table gives more than coordination.
        if (audience == Audience.Coordination && (read & ~InformationCategories.Coordination) != 0)
            audience |= Audience.Professionals;
        return audience == Audience.None || read == InformationCategory.None ? Reach.None : new Reach(audience, read);
    }

    /// <summary>Whether an actor may do this in a file that is open to them.</summary>
    public bool MayIn(Actor actor, PatientId patient, CareAction action) => May(RoleIn(actor, patient), actor.Line, action);

    /// <summary>Whether an actor may do this anywhere: for menus and buttons outside a file.</summary>
    public bool May(Actor actor, CareAction action) => May(actor.Discipline, actor.Line, action);

    /// <summary>Whether a role may do this in a file that is open to it. Writing means: in some category; which one is asked by entry (<see cref="MayWrite"/>).</summary>
    public bool May(Discipline role, CareLine line, CareAction action)
    {
        var rights = LineOf(role, line);
        return action switch
        {
            CareAction.Read or CareAction.Draft => !ReachOf(role, line).IsEmpty,
            CareAction.Write => rights is { Write: not InformationCategory.None },
            CareAction.DoTasks => rights is not null && rights.Write.HasFlag(InformationCategory.Tasks),
            CareAction.HandOff => rights is not null && rights.HandOff.HasFlag(InformationCategory.Tasks),
            CareAction.ManageTeam => rights is not null && rights.Invite.HasFlag(InformationCategory.TeamAndAgenda),
            CareAction.Pin or CareAction.RevealNationalNumber => role.Kind() is RoleKind.Professional or RoleKind.Patient,
            CareAction.ReadAccessLog => role.Kind() == RoleKind.Patient,
            _ => false,
        };
    }

    /// <summary>Whether a role may write entries of this category (all of them, when an entry has several).</summary>
    public bool MayWrite(Discipline role, CareLine line, InformationCategory category) => LineOf(role, line) is { } rights && (rights.Write & category) == category;

    /// <summary>The rule that decides about an action.</summary>
    /// <param name="category">The category that is written; for <see cref="CareAction.Write"/>.</param>
    public RuleCitation Cite(Discipline role, CareLine line, CareAction action, InformationCategory category = InformationCategory.None)
    {
        var asked = action switch
        {
            CareAction.DoTasks or CareAction.HandOff => InformationCategory.Tasks,
            CareAction.ManageTeam => InformationCategory.TeamAndAgenda,
            CareAction.Read or CareAction.Write => category,
            _ => InformationCategory.None,
        };
        var inTable = action is CareAction.DoTasks or CareAction.HandOff or CareAction.ManageTeam or CareAction.Write or CareAction.Read;
        return new(inTable && LineOf(role, line) is { } rights ? rights.NumberOf(asked) : null, Number);
    }

    /// <summary>The line of the table for a role on a care line; null when the table has none: such a role gets nothing.</summary>
    public RuleLine? LineOf(Discipline role, CareLine line)
    {
        var at = ((int)role * Lines) + (int)line;
        return at >= 0 && at < _lines.Length && (int)line >= 0 && (int)line < Lines ? _lines[at] : null;
    }
}

/// <summary>One line of the table: what a role may do, on one care line or on any.</summary>
/// <param name="Number">Stays with the line over versions.</param>
/// <param name="Line">Null: any care line that has no line of its own for this role.</param>
public sealed record RuleLine(int Number, Discipline Role, CareLine? Line, InformationCategory Read, InformationCategory Write, InformationCategory HandOff, InformationCategory Invite)
{
    /// <summary>The categories for which it gives a right.</summary>
    public InformationCategory Of(RuleRight right) => right switch { RuleRight.Read => Read, RuleRight.Write => Write, RuleRight.HandOff => HandOff, _ => Invite };

    /// <summary>How the rule about a category is cited: "4.2". The line alone when it is about none or several.</summary>
    public string NumberOf(InformationCategory category)
    {
        var line = Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return System.Numerics.BitOperations.IsPow2((int)category) ? $"{line}.{(System.Numerics.BitOperations.Log2((uint)category) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}" : line;
    }
}

/// <summary>The whole table of one version.</summary>
/// <param name="BasedOn">The version that was in force when it was begun; null for the first. What it was compared with.</param>
public sealed record RuleDocument(ImmutableArray<RuleLine> Lines, int? BasedOn = null);
