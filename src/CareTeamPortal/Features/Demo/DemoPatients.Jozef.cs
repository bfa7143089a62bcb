namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>A diabetic foot wound, handed over between two home nurses.</summary>
    private static DemoPatient Jozef(DemoCalendar d)
    {
        var c = new DemoChart(d, new("jozef-dierickx", "Jozef", "Dierickx", false, new(1950, 6, 3), 327, "Battelsesteenweg 301", "2800", "Mechelen", "015 55 09 01", "els.peeters"));
        c.Relative("nele", "Nele", "Dierickx", "dochter", "0470 55 09 02");
        c.Team(-95, "els.peeters", "bram.goossens", "sofie.maes", "pieter.wouters", "lut.claessens", "katrien.dewolf", "ilse.baert", "nele", "self");
        c.Accountable("els.peeters", -300, "9:00");

        c.Problem("els.peeters", new(2004, 2, 16), "Diabetes type 2 met neuropathie", "44054006");
        c.Problem("lut.claessens", d.Day(-72), "Diabetisch voetulcus links, Wagner 2", null, "Onder MTP 5. Begon met een steentje in de schoen.");
        c.Problem("els.peeters", new(2016, 12, 1), "Perifeer vaatlijden", "399957001", "Enkel-armindex links 0,74.");
        c.Allergy("els.peeters", new(2009, 9, 9), "Jodium op de huid", "Roodheid en blaasjes", severe: false);
        c.Warning("lut.claessens", -72, "Voet links ontlasten, geen gewone schoen");

        c.Takes("els.peeters", -94, "Metformine 850 mg", "A10BA02", "1 tablet 3 × per dag");
        c.Takes("els.peeters", -94, "Insuline glargine 100 E/ml", "A10AE04", "26 eenheden 's avonds");
        c.Takes("els.peeters", -94, "Clopidogrel 75 mg", "B01AC04", "1 tablet 's morgens");
        c.Takes("els.peeters", -94, "Rosuvastatine 20 mg", "C10AA07", "1 tablet 's avonds");
        c.Pathway("katrien.dewolf", -70, "Zorgpad diabetische voet", "Herziening om de twee weken op de voetkliniek.", "Volledig ontlasten met verbandschoen", "Wondzorg om de andere dag, foto elke week", "Koorts, geur of roodheid boven 2 cm: dezelfde dag bellen");
        c.OwnWords(-70, "11:15", "Mijn voet houden. En tegen de lente weer in de hof, al is het op een stoel.");
        c.Goal(-70, "De wonde dicht vóór Nieuwjaar.", "0 cm²", 36, "Van 3,2 naar 1,4 cm².", "improving");

        for (var day = -93; day <= -1; day += 3)
            c.Glucose("self", day, $"7:{c.Chance.Between(10, 50)}", 158 + c.Chance.Around(34) + (day is < -60 and > -75 ? 40 : 0));
        c.LabReport(-70, "9:00", "Bloedonderzoek", (Lab.HbA1c, 8.4m), (Lab.HbA1cIfcc, 68m), (Lab.Crp, 46m), (Lab.Leucocytes, 11.9m), (Lab.Creatinine, 1.18m), (Lab.Egfr, 61m));
        c.LabReport(-27, "9:00", "Bloedonderzoek", (Lab.HbA1c, 7.8m), (Lab.HbA1cIfcc, 62m), (Lab.Crp, 7m), (Lab.Leucocytes, 8.1m));
        c.HomeVisit("bram.goossens", -73, "9:00", "9:30", "Huisbezoek thuisverpleging");
        c.Note("bram.goossens", -73, "9:35", "Kous plakte vast. Daaronder wonde 2,1 op 1,5 cm, gele bodem, rand week, riekt. Hij had niets gevoeld. Nele had het niet gezien. Dokter en podoloog gebeld.", mention: "els.peeters");
        c.Prescribe("els.peeters", -73, "13:00", "Amoxicilline/clavulaanzuur 875/125 mg", "J01CR02", "3 × per dag, 10 dagen", "Geïnfecteerd voetulcus.", -63);
        c.Note("lut.claessens", -72, "10:30", "Eeltrand weggenomen tot bloedende bodem. Sonde tot op kapsel, niet op bot. Verbandschoen aangemeten, hij noemt het een \"klomp\". Voetkliniek over vier dagen.");
        (int Day, decimal Area)[] wound = [(-72, 3.2m), (-65, 3.0m), (-58, 2.8m), (-51, 2.3m), (-44, 2.2m), (-37, 1.9m), (-30, 1.8m), (-23, 1.6m), (-16, 1.7m), (-9, 1.5m), (-2, 1.4m)];
        foreach (var (day, area) in wound)
            c.Note("bram.goossens", day, "9:25", $"Wondoppervlak {area.ToString(System.Globalization.CultureInfo.InvariantCulture).Replace('.', ',')} cm². " + day switch
            {
                -65 => "Geur weg, nog fibrine.",
                -58 => "Rode korrels vanaf de rand.",
                -51 => "Gespoeld met water, zilververband gestopt.",
                -44 => "Weinig verschil: stond een halve dag in de hof zonder de schoen.",
                -37 => "Rand sluit aan de hielkant.",
                -30 => "Droog, om de andere dag blijft goed.",
                -23 => "Mooi rood. Hij kijkt nu zelf met de spiegel.",
                -16 => "Iets groter, verband was doorgelopen na het familiefeest.",
                -9 => "Terug de goede kant op.",
                -2 => "Bodem 100 % rood, geen vocht.",
                _ => "Foto genomen, rand gemarkeerd.",
            });
        for (var day = -73; day <= -62; day += 2)
            c.Temperature("bram.goossens", day, "9:10", 37.4m + (day < -69 ? 0.6m : -0.4m) + c.Chance.Around(0.2m, 0.1m));
        for (var day = -90; day <= -6; day += 14)
        {
            c.BloodPressure("bram.goossens", day, "9:10", 142 + c.Chance.Around(8), 80 + c.Chance.Around(5));
            c.Weight("bram.goossens", day, "9:10", 91.2m + c.Chance.Around(0.8m, 0.1m));
        }
        c.Consultation("katrien.dewolf", -68, "14:00", "14:30", "Voetkliniek");
        c.Letter("katrien.dewolf", -67, "11:00", "Verslag voetkliniek", "11488-4", "Consultverslag", Seen.ByAll,
            "Geachte collega Peeters,", "Plantair ulcus MTP 5 links, geïnfecteerd, zonder osteitis op de radiografie. Enkel-armindex 0,74, teendruk 48 mmHg: genezing mogelijk met ontlasting.",
            "# Afspraken", "Antibioticum 10 dagen. Glycemie onder 180 nuchter. Roken heeft hij in 2016 gelaten. Vaatchirurg enkel bij geen halvering na acht weken.", "Met vriendelijke groeten, dr. Katrien Dewolf");
        var q = c.Ask("nele", -43, "19:10", "Hij doet die schoen uit zodra ik weg ben. Mag ik kwaad worden?", "lut.claessens", -42, "17:00");
        c.Answer(q, "lut.claessens", -42, "8:50", "Kwaad helpt niet, een tweede paar wel. Ik breng er één voor aan het bed en één voor aan de achterdeur. Dan ligt hij nooit ver weg.");
        c.Note("self", -41, "15:30", "Ik doe ze aan. Maar zeg tegen Nele dat ze niet moet bellen om te controleren.");
        c.Note("pieter.wouters", -22, "10:40", "Schuimverband 10 × 10 met siliconenrand geleverd, 12 stuks. Terugbetaling chronische wonden loopt tot eind volgende maand, attest herinnerd.");
        c.Note("lut.claessens", -1, "19:35", "Druk blijft hoog onder MTP 5. Vilt 8 mm bijgeplakt. Geen schoenen, ook niet \"even naar de brievenbus\".");
        c.Task("bram.goossens", -3, "9:30", "sofie.maes", "Foto van de wonde toevoegen", -1, "12:00");
        c.Task("els.peeters", -10, "9:00", "pieter.wouters", "Attest chronische wonden aanvragen", 4, "18:00");
        var dressing = c.Task("bram.goossens", -1, "19:30", "bram.goossens", "Wondzorg linkervoet, om de andere dag", 1, "9:00", "in-progress");
        var stock = c.Task("bram.goossens", -1, "19:32", "bram.goossens", "Schuimverband bijbestellen", 4, "18:00");
        c.Handoff("bram.goossens", "sofie.maes", -1, "19:40", $"Wondzorg linkervoet, t.e.m. {d.DayMonth(9)}", "Wonde onder MTP 5 links, droog, geen roodheid. Om de andere dag spoelen met water, schuimverband. Foto nog toe te voegen. Bram is met verlof.", 0, "9:00",
            story: new DemoStory("stable", "De wonde wordt kleiner en is droog.", "Wondzorg linkervoet")
            {
                Until = (9, "23:59"),
                Ifs = [("roodheid meer dan 2 cm of koorts", "bel de huisarts dezelfde dag, verband niet sluiten"), ("hij stapt zonder schoen", "bel Lut, schoen aan het bed zetten")],
                Tasks = [(dressing, "Wondzorg linkervoet, om de andere dag", null), (stock, "Schuimverband bijbestellen", null)],
            });
        c.Appointment("katrien.dewolf", 5, "14:00", "14:30", "Voetkliniek, AZ Dijlezicht");
        c.Daily("sofie.maes", "8:50", "9:15", "Thuisverpleging: wondzorg");

        c.LastLooked("sofie.maes", -2, "18:00");
        c.LastLooked("bram.goossens", -1, "19:45");
        c.LastLooked("els.peeters", -9, "17:20");
        c.LastLooked("pieter.wouters", -10, "10:00");
        return c.Finish();
    }
}
