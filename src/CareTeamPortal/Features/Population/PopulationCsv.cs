using System.Globalization;
using System.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Population;

/// <summary>The list of members as a file for a spreadsheet.</summary>
internal static class PopulationCsv
{
    /// <summary>UTF-8 with a byte order mark, semicolons (what Excel here expects), one line per member.</summary>
    public static byte[] Of(IEnumerable<MemberLine> members, DateTime now)
    {
        var text = new StringBuilder();
        string[] heads = ["Member", "Age", "City", "Accountable", "AccountableSince", "Handoff", "WaitsHours", "From", "To", "Late", "Open", "Ended", "EndsSoon"];
        Line(text, heads.Select(h => PopulationText.Get("Csv." + h)));
        foreach (var m in members)
        {
            var longest = m.Handoffs.FirstOrDefault();
            Line(text,
            [
                m.Name, m.Age, m.City, m.Accountable, m.AccountableSince is { } since ? BelgianTime.ToLocal(since).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null,
                !m.SharesTasks ? PopulationText.Get("NotShared") : longest is null ? PopulationText.Get("Handoff.None") : PopulationText.Get(longest.IsStuck ? "Csv.Stuck" : "Csv.Waits"), longest is null ? null : Number((int)(now - longest.Since).TotalHours), longest?.From, longest?.To,
                m.SharesTasks ? Number(m.Late) : null, m.SharesTasks ? Number(m.Open) : null, m.SharesTeam ? Number(m.Relations.Count(r => r.HasEnded)) : null, m.SharesTeam ? Number(m.Relations.Count(r => !r.HasEnded)) : null,
            ]);
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>A value as a cell. A spreadsheet takes a text that begins as a formula for one: such a text gets an apostrophe before it.</summary>
    internal static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' || (char.IsWhiteSpace(value[0]) && value.TrimStart() is ['=' or '+' or '-' or '@', ..]))
            value = "'" + value;
        return value.AsSpan().ContainsAny(";,\"\r\n\t") || value[0] == '\'' ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, IEnumerable<string?> cells) => text.AppendJoin(';', cells.Select(Cell)).Append("\r\n");
}
