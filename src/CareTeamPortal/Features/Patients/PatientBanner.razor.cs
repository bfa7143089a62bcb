using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Patients;

/// <summary>Who this is, what must be known first, who is accountable and who is here: at the top of every page of one patient.</summary>
public sealed partial class PatientBanner
{
    private const int MostAlerts = 5;
    private string? _number;

    [Parameter, EditorRequired] public BannerView View { get; set; } = default!;

    /// <summary>Path of the current tab (see <see cref="PatientTab.Path"/>).</summary>
    [Parameter] public string Current { get; set; } = "";

    /// <summary>Entries that are new since the last visit.</summary>
    [Parameter] public int New { get; set; }
    [Parameter] public IReadOnlyList<BannerVisitor> Here { get; set; } = [];

    /// <summary>Asks for the whole national number; the asking is logged.</summary>
    [Parameter] public Func<Task<string?>>? RevealNumber { get; set; }

    private async Task ToggleNumberAsync() => _number = _number is null && View.MayRevealNumber && RevealNumber is not null ? await RevealNumber() : null;

    private static int Rail(CareLine line) => line switch
    {
        CareLine.Home => 0,
        CareLine.Second or CareLine.Third => 2,
        _ => 1,
    };

    private static int Y(CareLine line) => Rail(line) switch
    {
        0 => 10,
        1 => 33,
        _ => 56,
    };

    private string RailsWord(BannerOwner owner) => owner.From is { } from && from != owner.Line
        ? T["Rails.Moved", Ui[$"Line.{from}"], Ui[$"Line.{owner.Line}"]].Value
        : T["Rails", Ui[$"Line.{owner.Line}"]].Value;

    private string? TypingWords()
    {
        var typing = Here.Where(v => v.Typing).Select(v => Initials.Called(v.Name)).ToList();
        return typing.Count switch
        {
            0 => null,
            1 => T["Typing.One", typing[0]].Value,
            2 => T["Typing.Two", typing[0], typing[1]].Value,
            _ => T["Typing.More", typing.Count].Value,
        };
    }
}
