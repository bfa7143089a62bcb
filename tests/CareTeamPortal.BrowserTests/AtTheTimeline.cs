using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>What people do on a patient's timeline, by the names that they see.</summary>
internal static class AtTheTimeline
{
    /// <summary>A text that is in no other test's way.</summary>
    public static string Unique(string text) => $"{text} {Guid.NewGuid().ToString("n")[..8]}";

    public static ILocator Composer(this BrowserPerson person) => person.Page.GetByRole(AriaRole.Region, new() { Name = "Toevoegen aan de tijdlijn" });

    public static ILocator NoteField(this BrowserPerson person) => person.Composer().GetByRole(AriaRole.Textbox, new() { Name = "Nota", Exact = true });

    public static ILocator Feed(this BrowserPerson person) => person.Page.GetByRole(AriaRole.List, new() { Name = "Tijdlijn", Exact = true });

    /// <summary>The entries that say this, wherever they stand in the feed.</summary>
    public static ILocator Entry(this BrowserPerson person, string text) => person.Feed().GetByRole(AriaRole.Article).Filter(new() { HasText = text });

    /// <summary>Opens a file and waits until the page is alive.</summary>
    public static async Task OpenAsync(this BrowserPerson person, string patient)
    {
        await person.Page.GotoAsync("/patients/" + patient);
        await person.AliveAsync();
    }

    /// <summary>Waits until the timeline is there.</summary>
    public static Task AliveAsync(this BrowserPerson person) => Expect(person.Page.GetByRole(AriaRole.Group, new() { Name = "Filter de tijdlijn" })).ToBeVisibleAsync();

    /// <summary>Writes a note and waits until the composer is empty again: saved.</summary>
    public static async Task WriteNoteAsync(this BrowserPerson person, string text, string? audience = null)
    {
        await person.NoteField().FillAsync(text);
        if (audience is not null)
        {
            await person.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Zichtbaar voor") }).ClickAsync();
            await person.Page.GetByRole(AriaRole.Menuitemradio, new() { Name = audience, Exact = true }).ClickAsync();
        }

        await person.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(person.NoteField()).ToHaveValueAsync("");
    }

    /// <summary>The entries among these that the feed shows, from the top.</summary>
    public static async Task<IReadOnlyList<string>> OrderAsync(this BrowserPerson person, IReadOnlyCollection<string> texts) =>
        [.. (await person.Feed().GetByRole(AriaRole.Article).AllInnerTextsAsync()).SelectMany(shown => texts.Where(text => shown.Contains(text, StringComparison.Ordinal)))];
}
