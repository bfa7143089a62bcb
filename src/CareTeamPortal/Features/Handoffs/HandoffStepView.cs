using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>One step of a hand-off's story.</summary>
public sealed record HandoffStepView(string Key, DateTime At, string Words, string? By, string? Said)
{
    /// <summary>The offer and every step since, oldest first.</summary>
    internal static IReadOnlyList<HandoffStepView> Of(ReadHandoff.Result read)
    {
        // Titles say "Overdracht geopend: <title>"; below the title itself that is said twice.
        string Short(string words) => SafeText.Line(words, 200).Replace(": " + read.Task.Title, "", StringComparison.Ordinal);
        return
        [
            new("offer", read.Task.AuthoredOn, HandoffWords.Get("Steps.Offered", read.Task.Owner?.Display ?? ""), read.Task.Requester?.Display, null),
            .. read.Story.Select(s => new HandoffStepView(s.Reference, s.Time, Short(s.Title), s.AuthorName, s.Text is { } said && said != s.Title ? SafeText.Truncate(SafeText.Line(said, 400), 400) : null)),
        ];
    }
}
