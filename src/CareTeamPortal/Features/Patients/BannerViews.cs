using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Patients;

/// <summary>Puts what was read for the banner into words.</summary>
internal static class BannerViews
{
    /// <summary>What an actor is in this file: a patient in their own.</summary>
    public static Discipline DisciplineHere(Actor actor, PatientId patient) => SharingRules.RoleIn(actor, patient);

    /// <summary>The banner in words, for this viewer and moment.</summary>
    public static BannerView From(ReadBanner.Banner banner, Actor viewer, SharingRules rules, DateTime? lastVisit, DateTime now, IStringLocalizer<BannerText> words)
    {
        var sex = banner.Gender switch
        {
            "female" => words["Female"].Value,
            "male" => words["Male"].Value,
            "other" => words["Other"].Value,
            _ => null,
        };
        var age = banner.BirthDate is { } born && !banner.Deceased ? BelgianTime.Age(born, BelgianTime.DayOf(now)) : null;
        return new()
        {
            Patient = banner.Patient.Value,
            ReadsEntries = rules.ReachIn(viewer, banner.Patient).Audience != Audience.Coordination,
            Coordinates = viewer.Discipline.Kind() == RoleKind.Coordination,
            Name = banner.Name.Length == 0 ? words["NoName"].Value : SafeText.Line(banner.Name),
            AgeAndSex = string.Join(" · ", new[] { age, sex }.Where(w => !string.IsNullOrEmpty(w))) is { Length: > 0 } text ? text : null,
            Born = banner.BirthDate is { } date ? BornWords(date, banner.BirthDatePrecision) : null,
            City = banner.City is { } city ? SafeText.Line(city, 60) : null,
            MaskedNumber = banner.MaskedInsz,
            MayRevealNumber = banner.MaskedInsz is not null && rules.MayIn(viewer, banner.Patient, CareAction.RevealNationalNumber),
            Deceased = banner.DeceasedOn is { } on ? words["DeceasedOn", BelgianTime.Figures(on)].Value : banner.Deceased ? words["Deceased"].Value : null,
            Alerts = [.. banner.Allergies.Select(a => new BannerAlert(words["Allergy", a.Text], "alert", true)), .. banner.Alerts.Select(a => new BannerAlert(a.Text, a.IsGrave ? "alert" : null, a.IsGrave))],
            Owner = OwnerOf(banner, now),
            MayHandOff = banner.EmergencyUntil is null && rules.MayIn(viewer, banner.Patient, CareAction.HandOff),
            Waiting = [.. banner.Waiting.Select(w => new BannerHandoff($"/patients/{banner.Patient}/handoffs/{w.Id}", w.Title, w.IsMine ? words["Waiting.Yours", BelgianTime.Duration(now - w.Since), w.Answers ?? ""].Value : words["Waiting", w.Asked ?? "", w.Answers ?? ""].Value, w.IsMine))],
            EmergencyUntil = banner.EmergencyUntil,
            LastVisit = lastVisit is { } last ? BelgianTime.Moment(last, now) : null,
        };
    }

    private static string BornWords(DateOnly born, DatePrecision precision) => precision switch
    {
        DatePrecision.Year => born.Year.ToString(BelgianTime.Culture),
        DatePrecision.Month => born.ToString("MM-yyyy", BelgianTime.Culture),
        _ => BelgianTime.Figures(born),
    };

    private static BannerOwner? OwnerOf(ReadBanner.Banner banner, DateTime now)
    {
        if (banner.Accountable is not { } owner)
            return null;
        var before = banner.AccountableBefore.MaxBy(a => a.Since);
        return new(owner.Name, owner.Role, owner.Line, BelgianTime.Moment(owner.Since, now), BelgianTime.Duration(now - owner.Since), before?.Line);
    }
}
