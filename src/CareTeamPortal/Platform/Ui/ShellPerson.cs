using System.Security.Claims;
using CareTeamPortal.Platform.Access;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>Who is signed in, as the shell shows it.</summary>
internal sealed record ShellPerson(string Name, Discipline Discipline, CareLine? Line)
{
    public static ShellPerson? Of(ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true)
            return null;
        var name = user.FindFirstValue("name") ?? user.Identity.Name ?? "?";
        var discipline = Enum.TryParse<Discipline>(user.FindFirstValue("discipline"), out var d) ? d : Discipline.Unknown;
        CareLine? line = Enum.TryParse<CareLine>(user.FindFirstValue("care-line"), out var l) ? l : null;
        return new(name, discipline, line);
    }

    /// <summary>Role and care line: thuisverpleegkundige · eerste lijn.</summary>
    public string Says(IStringLocalizer<UiText> text)
    {
        var role = Discipline is Discipline.Unknown ? null : text[$"Discipline.{Discipline}"].Value;
        var line = Line is { } known ? text[$"Line.{known}"].Value : null;
        return string.Join(" · ", new[] { role, line }.OfType<string>());
    }
}
