using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Rules;

/// <summary>Marker of the words of the sharing rules (RulesText.resx).</summary>
public sealed class RulesText
{
    private static readonly Words Words = new(typeof(RulesText));

    /// <summary>A word by its key.</summary>
    internal static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    internal static string Of(InformationCategory category) => Get($"Category.{category}");

    internal static string Of(RuleRight right) => Get($"Right.{right}");

    /// <summary>The role in words, with its care line when the line of the table is for one.</summary>
    internal static string Of(Discipline role, CareLine? line = null) => line is { } only ? $"{Capital(Roles.Title(role))}, {Roles.Line(only)}" : Capital(Roles.Title(role));

    /// <summary>What is wrong with a table, for who writes it.</summary>
    internal static string Of(RuleFault fault) => fault.Kind switch
    {
        RuleFaultKind.LineMissing => Get("Bad.LineMissing", fault.Role is { } role ? Roles.Title(role) : ""),
        RuleFaultKind.ReadByNobody => Get("Bad.ReadByNobody", Of(fault.Category).ToLower(System.Globalization.CultureInfo.CurrentCulture)),
        _ => Get($"Bad.{fault.Kind}", fault.Line ?? 0, fault.Role is { } of ? Roles.Title(of) : ""),
    };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], System.Globalization.CultureInfo.CurrentCulture) + text[1..];
}
