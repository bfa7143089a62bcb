using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Patients;

/// <summary>Patients in the command palette: the same search as the list.</summary>
internal sealed class PatientPalette(ReadPatients patients, IStringLocalizer<PatientsText> text) : IPaletteSource
{
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(Actor person, string typed, int limit, CancellationToken ct)
    {
        var page = await patients.RunAsync(person, new(Search: typed, Count: limit), ct);
        return [.. page.Lines.Take(limit).Select(l => new PaletteItem(
            l.Patient.Name,
            string.Join(" · ", new[] { text["Palette"].Value, l.Patient.BirthDate is { } born ? BelgianTime.Figures(born) : null, l.Patient.City }.OfType<string>()),
            $"/patients/{l.Patient.Patient}", "people"))];
    }
}
