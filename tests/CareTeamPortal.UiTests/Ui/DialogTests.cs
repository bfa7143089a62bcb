using Bunit;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.UiTests.Ui;

public sealed class DialogTests : UiContext
{
    [Fact]
    public void A_closed_dialog_is_not_in_the_page() =>
        Assert.Empty(Render<Dialog>(p => p.Add(d => d.Title, "Titel")).FindAll("dialog"));

    [Fact]
    public void An_open_dialog_is_named_by_its_heading_and_closes_by_its_button()
    {
        var open = true;
        var dialog = Render<Dialog>(p => p.Add(d => d.Title, "Titel").Add(d => d.Open, true).Add(d => d.OpenChanged, o => open = o));
        Assert.Equal(dialog.Find("h2").Id, dialog.Find("dialog").GetAttribute("aria-labelledby"));
        dialog.Find("button[aria-label='Venster sluiten']").Click();
        Assert.False(open);
    }

    [Fact]
    public void A_reason_is_asked_before_it_confirms()
    {
        var reasons = new List<string>();
        var dialog = Render<ConfirmWithReason>(p => p.Add(d => d.Open, true).Add(d => d.Title, "Intrekken").Add(d => d.ReasonLabel, "Waarom?").Add(d => d.ConfirmText, "Intrekken").Add(d => d.OnConfirm, reasons.Add));
        dialog.Find("form").Submit();
        Assert.Empty(reasons);
        Assert.Contains("reden", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        dialog.Find("textarea").Input("  verkeerde patiënt ");
        dialog.Find("form").Submit();
        Assert.Equal(["verkeerde patiënt"], reasons);
    }
}
