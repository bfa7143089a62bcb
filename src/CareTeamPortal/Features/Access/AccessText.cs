using System.Globalization;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Access;

/// <summary>Marker of the words of access (AccessText.resx).</summary>
public sealed class AccessText;

/// <summary>What is said about access, in the words of who is not of the trade.</summary>
internal static class AccessWords
{
    private static readonly Words Words = new(typeof(AccessText));

    /// <summary>The categories, in the order of the table.</summary>
    public static readonly IReadOnlyList<InformationCategory> Categories = RuleDocuments.List(InformationCategory.All);

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    public static string Category(InformationCategory category) => Get($"Category.{category}");

    /// <summary>"medicatie, metingen en nota's".</summary>
    public static string List(InformationCategory categories) => Join([.. RuleDocuments.List(categories).Select(c => Category(c).ToLower(BelgianTime.Culture))]);

    public static string Join(IReadOnlyList<string> words) => words.Count switch { 0 => "", 1 => words[0], _ => Get("And", string.Join(", ", words.Take(words.Count - 1)), words[^1]) };

    /// <summary>"keek in uw dossier (3 keer)".</summary>
    public static string Kind(AccessKind kind, int count) => count == 1 ? Get($"Kind.{kind}") : Get("Times", Get($"Kind.{kind}"), count);

    public static string Relation(RelationKind kind) => Get($"Relation.{kind}");

    /// <summary>What one record says was done.</summary>
    public static string What(Look look) => look.Kind switch
    {
        AccessKind.Listed => Get(look.Source == AccessSource.Search ? "Did.Search" : "Did.Overview"),
        AccessKind.Taken => Get(look.Source == AccessSource.Print ? "Did.Print" : "Did.Export"),
        AccessKind.Written => Get(look.What?.Split('/')[0] switch { "Communication" => "Did.Note", "Task" => "Did.Task", "Observation" => "Did.Measurement", "Goal" => "Did.Goal", _ => "Did.Write" }),
        AccessKind.Decided => Get(look.What?.Split('/')[0] switch
        {
            "consent" => "Did.Consent", "contest" => "Did.Contest", "relation" => "Did.Relation", "excluded" => "Did.Excluded", "ended" => "Did.Ended", "coordinator" => "Did.Coordinator", "left" => "Did.Left", _ => "Did.Team",
        }),
        AccessKind.Opened when look.Action == CareAction.RevealNationalNumber => Get("Did.Number"),
        AccessKind.Emergency when look.What == "glass/ended" => Get("Did.GlassEnded"),
        AccessKind.Opened when look.Through is { } other => Get("Did.ViewAs", other),
        AccessKind.Opened when look.Action == CareAction.ReadAccessLog => Get("Did.Log"),
        _ => Get($"Kind.{look.Kind}"),
    };

    /// <summary>By what right, or why it was refused.</summary>
    public static string Why(Look look)
    {
        if (look.IsPatient)
            return Get("Why.Own");
        if (look.Action == CareAction.ReadAccessLog && look.Why.Relation is null && look.Kind != AccessKind.Refused)
            return Get("Why.Officer");
        if (look.Kind == AccessKind.Refused)
            return look.Why.Rule is { } rule ? Get("Why.Rule", rule) : look.Why.Relation is null ? Get("Why.NoRight") : Get("Why.NotForRole");
        if (look.Why.Relation == RelationKind.BreakGlass || look.Action == CareAction.BreakGlass)
            return Get("Why.BreakGlass");
        if (look.OnBehalfOf is { } behalf)
            return Get("Why.Behalf", behalf);
        return look.Why.Relation is { } relation ? Get($"Why.{relation}") : Get(look.Kind == AccessKind.Portal ? "Why.Portal" : "Why.Before");
    }

    /// <summary>What the patient shared then, in few words; null when the record does not say.</summary>
    public static string? Shared(Look look) => look.IsPatient || look.Why.Shared is not { } shared ? null
        : shared == InformationCategory.All ? Get("Shared.All") : Get("Shared.But", List(InformationCategory.All & ~shared));

    public static string Source(AccessSource source) => Get($"Source.{source}");

    /// <summary>A decision of the patient as a sentence.</summary>
    public static string Decision(ConsentRow decision, Func<PersonId, string> name)
    {
        var yes = decision.Permits ? "Yes" : "No";
        return decision.Scope switch
        {
            ConsentScope.General => Get($"Decision.General.{yes}"),
            ConsentScope.Proxy => Get("Decision.Proxy", name(decision.PersonId!.Value)),
            ConsentScope.Category => Get($"Decision.Category.{yes}", List(decision.Categories)),
            ConsentScope.Organisation when decision.Categories == InformationCategory.All => Get($"Decision.Organisation.{yes}", decision.Organisation),
            ConsentScope.Organisation => Get($"Decision.Organisation.Some.{yes}", decision.Organisation, List(decision.Categories)),
            _ when decision.Source == ConsentSource.Contested => Get("Decision.Contested", name(decision.PersonId!.Value)),
            _ when decision.Categories == InformationCategory.All => Get($"Decision.Person.{yes}", name(decision.PersonId!.Value)),
            _ => Get($"Decision.Person.Some.{yes}", name(decision.PersonId!.Value), List(decision.Categories)),
        };
    }

    /// <summary>"sinds ma 23 nov", "van ... tot ...".</summary>
    public static string Dates(DateTime from, DateTime? until, DateTime now)
    {
        var today = BelgianTime.DayOf(now);
        string Day(DateTime at) => BelgianTime.Day(BelgianTime.DayOf(at), today);
        return (from > now, until) switch
        {
            (false, null) => Get("Dates.Since", Day(from)),
            (false, { } end) => Get("Dates.SinceUntil", Day(from), Until(end)),
            (true, null) => Get("Dates.From", Day(from)),
            (true, { } end) => Get("Dates.FromUntil", Day(from), Until(end)),
        };

        string Until(DateTime end) => Day(end.AddTicks(-1)); // exclusive in storage, the last day for people
    }
}
