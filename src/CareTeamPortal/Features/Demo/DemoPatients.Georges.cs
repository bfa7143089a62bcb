using CareTeamPortal.Features.Pathways;

namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Stroke: from the stroke unit over rehabilitation to home, on a vitamin K antagonist.</summary>
    private static DemoPatient Georges(DemoCalendar d)
    {
        var c = new DemoChart(d, new("georges-pauwels", "Georges", "Pauwels", false, new(1952, 2, 9), 173, "Zandpoortvest 40", "2800", "Mechelen", "015 55 03 40", "els.peeters"));
        c.Relative("monique", "Monique", "Aerts", "echtgenote", "0470 55 03 41");
        c.Team(-118, "els.peeters", "nadia.benali", "sofie.maes", "joke.hermans", "hanne.wuyts", "greet.cools", "stefaan.moons", "ilse.baert", "monique", "self");
        c.Accountable("els.peeters", -160, "9:00");
        c.Accountable("nadia.benali", -118, "9:50");
        c.Accountable("els.peeters", -76, "15:10");

        c.Problem("stefaan.moons", d.Day(-118), "Herseninfarct links", "422504002", "Arteria cerebri media links. Restletsel: zwakte rechterarm, afasie.");
        c.Problem("nadia.benali", new(2018, 4, 17), "Voorkamerfibrillatie", "49436004");
        c.Problem("nadia.benali", new(2018, 9, 25), "Mechanische mitralisklep", null, "Daarom een vitamine K-antagonist en geen nieuwer middel. Streefwaarde INR 2,5 tot 3,5.");
        c.Problem("els.peeters", new(2006, 1, 15), "Hypertensie", "38341003");
        c.Allergy("els.peeters", new(2018, 9, 26), "Jodiumhoudend contrastmiddel", "Netelroos", severe: false);
        c.Warning("nadia.benali", -76, "Antistolling");
        c.Warning("joke.hermans", -72, "Valrisico");
        c.Warning("greet.cools", -74, "Afasie: korte zinnen, ja-neevragen");

        c.Takes("els.peeters", -75, "Fenprocoumon 3 mg", "B01AA04", "volgens schema, 's avonds om 18 uur", "mechanische klep en voorkamerfibrillatie");
        c.Takes("els.peeters", -75, "Bisoprolol 2,5 mg", "C07AB07", "1 tablet 's morgens");
        c.Takes("els.peeters", -75, "Atorvastatine 80 mg", "C10AA05", "1 tablet 's avonds");
        c.Takes("els.peeters", -75, "Lisinopril 10 mg", "C09AA03", "1 tablet 's morgens");

        c.Emergency("stefaan.moons", -118, "6:35", "9:45", "Spoedgevallen, FAST positief", "Mondhoek scheef, arm rechts verlamd, spreekt niet");
        c.Stay("stefaan.moons", -118, "9:50", -104, "10:00", "Opname stroke-eenheid", "Herseninfarct");
        c.Note("stefaan.moons", -118, "10:30", "NIHSS 14. INR bij aankomst 1,4: te laag, dus buiten bescherming. Geen trombolyse (wake-up), wel trombectomie, TICI 2b. Slikscreening vóór eten.", "Opname stroke-eenheid", Seen.ByProfessionals);
        c.Procedure("stefaan.moons", -118, "8:20", "Trombectomie arteria cerebri media links");
        for (var day = -118; day <= -105; day += 1)
        {
            c.BloodPressure("mieke.bosmans", day, "8:00", 168 + ((day + 118) * -2) + c.Chance.Around(7), 92 - ((day + 118) / 2) + c.Chance.Around(4));
            if (day % 2 == 0)
                c.Temperature("mieke.bosmans", day, "8:00", 37.0m + c.Chance.Around(0.6m, 0.1m));
        }
        c.Note("greet.cools", -116, "11:20", "Slikscreening: dunne vloeistof geeft hoest. Ingedikt drinken, zachte voeding, rechtop tot 30 minuten na de maaltijd. Begrip beter dan spreken: wijst juist aan, zegt \"ja\" voor alles.");
        c.Stay("stefaan.moons", -104, "10:30", -76, "14:00", "Opname revalidatie", "Revalidatie na herseninfarct");
        c.Note("joke.hermans", -72, "10:20", "Thuis gezien. Stapt met driepikkel en iemand naast zich, rechtervoet sleept. Arm: schouder beweegt, hand nog niet. Drempel van de badkamer is het grootste gevaar.");
        c.Letter("stefaan.moons", -76, "14:20", "Ontslagbrief neurologie en revalidatie", "18842-5", "Ontslagbrief", Seen.ByAll,
            "Geachte collega Peeters,", $"Uw patiënt werd op {d.DayMonth(-118)} opgenomen met een infarct in het gebied van de linker middelste hersenslagader, bij een te lage INR.",
            "# Toestand", "NIHSS van 14 naar 5. Motorische afasie, begrip redelijk. Stapt met toezicht. Eet gewoon, drinkt zonder indikken sinds week 5. Barthel 65 op 100.",
            "# Warme overdracht", "Telefonisch met u besproken om 15:10. INR twee keer per week tot drie keer stabiel, nadien wekelijks. Bloeddruk onder 130/80. LDL onder 70 mg/dL.",
            "Met vriendelijke groeten, dr. Stefaan Moons");
        c.Handoff("nadia.benali", "els.peeters", -76, "14:30", "Opvolging na ontslag, INR en bloeddruk", "Te bewaken. INR-streef 2,5 tot 3,5, bloeddruk onder 130/80. Aanvaard om 15:10 na telefoon.", -75, "12:00", "INR twee keer per week door Sofie, dosis van mij dezelfde dag. Nieuw uitvalsverschijnsel is 112, niet de praktijk.",
            new DemoStory("watcher", "INR nog niet stabiel na herseninfarct.", null)
            {
                Ifs = [("INR onder 2,5", "dosis dezelfde dag verhogen, controle binnen drie dagen"), ("nieuwe uitval", "bel 112, nooit de praktijk")],
                Questions = [("els.peeters", -76, "14:45", "Wie prikt de INR in het weekend?", "nadia.benali", -76, "14:58", "Sofie Maes, het staat in haar ronde tot hij drie keer stabiel is.")],
            });
        c.OwnWords(-70, "15:00", "Praten. Met de mannen kaarten op donderdag. Monique niet tot last zijn.");
        c.Goal(-68, "Weer kaarten met de mannen.", "een hele namiddag in het café", 20, "Vorige week een uur gebleven, twee keer gelachen.", "improving");
        c.Goal(-68, "Alleen naar het toilet, ook 's nachts.", null, 10, "Overdag lukt het, 's nachts roept hij Monique.", "in-progress");
        c.Follows("els.peeters", "10:00", new("beroerte", [-74, -68, -13], new() { ["neuroloog"] = "nadia.benali", ["revalidatiearts"] = "nadia.benali", ["verpleegkundige-stroke"] = "sofie.maes", ["logopedist"] = "els.peeters", ["kinesitherapeut"] = "joke.hermans", ["ergotherapeut"] = "joke.hermans", ["maatschappelijk-werker"] = "hanne.wuyts", ["huisarts"] = "els.peeters", ["thuisverpleegkundige"] = "sofie.maes", ["patient"] = "self", ["mantelzorger"] = "monique" })
        {
            Deviations = [("naar-thuisverpleging", DeviationReason.NotNeeded, "Sofie kwam al elke dag langs en was bij het ontslaggesprek.", "els.peeters", -15, null), ("woning", DeviationReason.WaitsForOther, "Eerst de trapleuning laten plaatsen, die komt volgende week.", "joke.hermans", -4, 9)],
        });

        (int Day, decimal Inr)[] inr = [(-74, 2.2m), (-71, 2.6m), (-67, 2.9m), (-64, 3.1m), (-60, 2.8m), (-53, 2.9m), (-46, 3.2m), (-39, 2.7m), (-32, 3.0m), (-25, 3.3m), (-18, 3.1m), (-11, 3.4m), (-4, 3.6m), (-1, 4.1m)];
        foreach (var (day, value) in inr)
            c.LabReport(day, day == -1 ? "17:12" : "14:05", "INR", (Lab.Inr, value));
        c.LabReport(-60, "8:30", "Bloedonderzoek zes weken na ontslag", (Lab.Ldl, 66m), (Lab.Creatinine, 1.02m), (Lab.Egfr, 74m), (Lab.Potassium, 4.3m), (Lab.Haemoglobin, 14.1m));
        for (var day = -74; day <= -2; day += 3)
        {
            c.BloodPressure("sofie.maes", day, "10:20", 132 + c.Chance.Around(9), 78 + c.Chance.Around(5));
            c.Pulse("sofie.maes", day, "10:20", 72 + c.Chance.Around(7));
        }
        c.Score("hanne.wuyts", -66, "14:10", "Belasting mantelzorger (totaal)", 6);
        c.Note("hanne.wuyts", -66, "14:20", "Gesprek met Monique alleen. Slaapt in de zetel om hem te horen. Geen enkele dag zonder. Tegemoetkoming hulp aan bejaarden aangevraagd, oppasdienst uitgelegd. Ze wil er nog over denken.", seen: Seen.ByProfessionals);
        c.Note("greet.cools", -48, "16:05", "Benoemen 14 op 30 (was 6). Zingen gaat vloeiend: begint zinnen met een melodie. Map met foto's van de kaartmaats gemaakt.");
        c.Note("joke.hermans", -33, "10:25", "Trap op met leuning, naar beneden nog achteruit. Enkelorthese geleverd, voet sleept niet meer. 250 meter buiten, oversteken geoefend.");
        c.Note("monique", -21, "19:30", "Hij heeft vandaag mijn naam gezegd. Gewoon, aan tafel.");
        c.Consultation("nadia.benali", -19, "11:00", "11:20", "Raadpleging cardiologie");
        c.Note("nadia.benali", -19, "11:25", "Klepfunctie goed. Streef-INR blijft 2,5 tot 3,5. Let op bij antibiotica: eerst INR, dan pas volgende dosis.");
        c.Score("hanne.wuyts", -12, "14:00", "Belasting mantelzorger (totaal)", 9, "Boven de drempel van 7.");
        var q = c.Ask("hanne.wuyts", -12, "14:15", "De belasting van Monique is gestegen van 6 naar 9. Kan er een nacht per week iemand zijn? En wie bespreekt het met haar?", "els.peeters", -10, "18:00", seen: Seen.ByProfessionals);
        c.Answer(q, "els.peeters", -11, "9:05", "Ik bespreek het bij het huisbezoek. Vraag alvast nachtoppas aan, ik teken.", Seen.ByProfessionals);
        c.Prescribe("els.peeters", -8, "17:45", "Amoxicilline 500 mg", "J01CA04", "3 × per dag, 5 dagen", "Luchtweginfectie. INR extra prikken op dag 4.", -3);
        c.Note("sofie.maes", -4, "10:40", "INR 3,6 geprikt. Tandvlees bloedt bij poetsen, geen blauwe plekken. Laatste antibioticum gisteren. Doorgebeld.", mention: "els.peeters");
        c.Prescribe("els.peeters", -4, "15:00", "Fenprocoumon 3 mg", "B01AA04", "vanavond overslaan, morgen 3 mg, dan volgens schema", "INR 3,6 na antibiotica.");
        c.Note("els.peeters", -1, "18:20", "INR 4,1. Vandaag en morgen geen fenprocoumon. Overmorgen opnieuw prikken. Bij bloedneus langer dan 20 minuten of val op het hoofd: spoed, meteen.", mention: "sofie.maes");
        c.Ask("monique", 0, "7:12", "Er zit wat bloed in zijn zakdoek vanmorgen. Maar een beetje. Moet ik iets doen of is het van het snuiten?", "sofie.maes", 0, "10:30");

        // Nobody took it on: the case manager finds it.
        c.Handoff("nadia.benali", "joke.hermans", -3, "16:10", "Hartrevalidatie thuis voortzetten", "Stabiel. Revalidatie in het ziekenhuis gestopt, te ver rijden. Thuis verder met uithouding en evenwicht, twee keer per week, pols onder 110.", -2, "12:00",
            story: new DemoStory("stable", "Wandelt 250 m zonder rust.", "Hartrevalidatie") { Ifs = [("pols boven 110 of duizelig", "stoppen en dr. Peeters bellen dezelfde dag")] });
        c.Task("els.peeters", -1, "18:25", "sofie.maes", "INR prikken, uitslag vóór 14:00", 1, "10:15");
        c.Task("els.peeters", -2, "9:00", "sofie.maes", "INR-uitslag doorgeven aan dr. Peeters", -1, "17:00");
        c.Task("els.peeters", -11, "9:10", "hanne.wuyts", "Nachtoppas aanvragen, één nacht per week", 2, "17:00", "in-progress");
        c.Task("joke.hermans", -70, "10:30", "monique", "Drempel badkamer laten wegnemen", -40, "18:00", doneDay: -44, doneAt: "16:00");
        c.Daily("sofie.maes", "10:15", "10:35", "Thuisverpleging: tandvlees en bloeddruk");
        c.Appointment("joke.hermans", 1, "10:00", "10:30", "Kinesitherapie aan huis");
        c.Appointment("greet.cools", 1, "14:00", "14:45", "Logopedie");
        c.Appointment("stefaan.moons", 30, "9:00", "9:30", "Raadpleging neurologie, AZ Dijlezicht");

        c.LastLooked("sofie.maes", -1, "16:10");
        c.LastLooked("els.peeters", -1, "18:30");
        c.LastLooked("joke.hermans", -5, "12:00");
        c.LastLooked("hanne.wuyts", -6, "16:30");
        c.LastLooked("nadia.benali", -19, "11:30");
        return c.Finish();
    }
}
