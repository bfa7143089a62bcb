using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Heart failure after discharge, with diabetes: the story of the design.</summary>
    private static DemoPatient Maria(DemoCalendar d)
    {
        var c = new DemoChart(d, new("maria-verhoeven", "Maria", "Verhoeven", true, new(1944, 3, 14), 118, "Dijlekaai 14", "2800", "Mechelen", "015 55 01 14", "karel.janssens"));
        c.Relative("an.desmedt", "An", "De Smedt", "dochter, mantelzorger", "0470 55 01 15");
        c.Team(-150, "karel.janssens", "nadia.benali", "tom.lenaerts", "sofie.maes", "pieter.wouters", "joke.hermans", "fatima.elidrissi", "an.desmedt", "self");
        c.Accountable("karel.janssens", -150, "9:00");
        c.Accountable("nadia.benali", -13, "11:20");
        c.Accountable("karel.janssens", -2, "16:42");

        c.Problem("karel.janssens", new(1998, 5, 1), "Arteriële hypertensie", "38341003");
        c.Problem("karel.janssens", new(2009, 9, 1), "Diabetes type 2", "44054006", "Insuline sinds 2019. Voeten jaarlijks nagekeken, geen wonden.");
        c.Problem("nadia.benali", new(2019, 11, 4), "Voorkamerfibrillatie", "49436004", "CHA₂DS₂-VASc 6, levenslang antistolling.");
        c.Problem("nadia.benali", new(2023, 2, 20), "Hartfalen met verminderde pompfunctie", "84114007", "LVEF 35 %. Droog gewicht 77,0 kg sinds de laatste opname.");
        c.Problem("karel.janssens", new(2015, 3, 12), "Artrose linkerknie", "239873007");
        c.Allergy("karel.janssens", new(1987, 6, 2), "Penicilline", "Huiduitslag en zwelling van het gezicht", severe: true);
        c.Warning("karel.janssens", -149, "Antistolling");
        c.Warning("joke.hermans", -88, "Valrisico");
        c.Warning("karel.janssens", -1, "Geen NSAID");

        c.Takes("karel.janssens", -149, "Bisoprolol 5 mg", "C07AB07", "1 tablet 's morgens");
        c.Takes("karel.janssens", -149, "Sacubitril/valsartan 49/51 mg", "C09DX04", "1 tablet 's morgens en 's avonds");
        c.Takes("karel.janssens", -149, "Spironolacton 25 mg", "C03DA01", "1 tablet 's middags");
        c.Takes("karel.janssens", -149, "Dapagliflozine 10 mg", "A10BK01", "1 tablet 's morgens");
        c.Takes("karel.janssens", -149, "Apixaban 5 mg", "B01AF02", "1 tablet 's morgens en 's avonds", "voorkamerfibrillatie");
        c.Takes("karel.janssens", -149, "Insuline glargine 100 E/ml", "A10AE04", "18 eenheden 's morgens, door de thuisverpleging");
        c.Takes("karel.janssens", -149, "Paracetamol 1 g", "N02BE01", "zo nodig, hoogstens 3 × per dag", "kniepijn");

        c.OwnWords(-140, "14:20", "In mijn eigen huis blijven. Zondag koffie met de kleinkinderen. En niet elke dag een ander gezicht.");
        c.HomeVisit("sofie.maes", -148, "8:15", "8:40", "Eerste huisbezoek thuisverpleging");
        c.Note("sofie.maes", -148, "8:45", "Kennismaking. Insuline spuit ze liever niet zelf: ziet de streepjes op de pen niet meer. Kousen klasse 2 liggen klaar maar zijn van vorig jaar. Afspraak: elke dag rond 8:15, zoveel mogelijk ik.");
        c.Consultation("karel.janssens", -132, "10:30", "10:50", "Raadpleging huisarts");
        c.Note("karel.janssens", -132, "10:52", "Stabiel. Trap met één keer rusten. Geen oedeem. Bloeddruk goed. Controle over zes weken, labo vooraf.");
        c.LabReport(-134, "9:10", "Bloedonderzoek, controle hartfalen en diabetes", (Lab.Creatinine, 1.21m), (Lab.Egfr, 42m), (Lab.Potassium, 4.6m), (Lab.Sodium, 139m), (Lab.NtProBnp, 1480m), (Lab.HbA1c, 7.6m), (Lab.Haemoglobin, 12.4m));
        c.Vaccine("karel.janssens", -47, "Griepvaccin, verhoogde dosis");
        c.HomeVisit("joke.hermans", -88, "13:30", "14:00", "Kinesitherapie aan huis");
        c.Note("joke.hermans", -88, "14:05", "Tinetti 19 op 28. Draait onzeker, grijpt naar de kast. Looprek in de gang weggezet \"omdat het in de weg stond\". Rollator aangevraagd. We oefenen opstaan zonder armen, 2 × per week.");
        var mass = c.Goal(-86, "Met Kerstmis wil ik te voet naar de nachtmis. Het is 400 meter.", "400 meter met rollator", 33, "Vandaag: 90 meter met rollator, twee keer rusten. Joke oefent twee keer per week.", "improving");
        var sleep = c.Goal(-60, "Weer slapen met één kussen.", null, null, "Vannacht drie kussens.", "worsening");
        var self = c.Goal(-1, "Zelf wegen, zonder dat iemand moet komen.", "elke ochtend op de weegschaal", 28, "2 van 3 dagen gelukt. An leert het mee.");
        c.Pathway("nadia.benali", -2, "Afspraken bij ontslag: hartfalen", "De eerste 72 uur thuis.",
            "Elke ochtend wegen, bloeddruk, oedeem", "Droog gewicht 77,0 kg; +1,5 kg in twee dagen: huisarts dezelfde dag", "Kortademig in rust of 's nachts: huisarts binnen 4 uur", "Nierfunctie en kalium op dag 3", "Raadpleging hartfalenkliniek binnen 14 dagen");

        // Five quiet months: home nurse weighs once a week, Maria pricks her finger herself.
        for (var day = -145; day <= -30; day += 7)
        {
            c.Weight("sofie.maes", day, "8:25", 77.4m + c.Chance.Around(0.6m, 0.1m));
            if (day % 2 == 0)
                c.BloodPressure("sofie.maes", day, "8:25", 128 + c.Chance.Around(8), 76 + c.Chance.Around(5));
        }
        for (var day = -120; day <= -15; day += 5)
            c.Glucose("self", day, $"7:{c.Chance.Between(20, 45)}", 142 + c.Chance.Around(30));

        // The decline: ibuprofen for the knee, bought without prescription.
        c.Note("an.desmedt", -27, "18:40", "Mama heeft veel last van haar knie. De buurvrouw gaf haar pilletjes, ik weet niet welke.");
        c.Note("joke.hermans", -24, "14:10", "Knie links gezwollen en warm. Oefenen op één been lukt niet. 40 meter gestapt in plaats van 120, meer buiten adem dan vorige week.");
        var (weight, sys) = (78.0m, 134);
        for (var day = -26; day <= -14; day += 2)
        {
            c.Weight("sofie.maes", day, "8:20", weight);
            c.BloodPressure("sofie.maes", day, "8:20", sys + c.Chance.Around(4), 82 + c.Chance.Around(4));
            c.Pulse("sofie.maes", day, "8:20", 74 + ((26 + day) * 2) + c.Chance.Around(3));
            weight += 0.75m;
            sys += 2;
        }
        c.Note("sofie.maes", -18, "8:35", "Sokken snijden in, putje blijft staan tot halverwege het scheenbeen. Ze zegt dat ze 's nachts rechtop zit. Dokter gebeld.", mention: "karel.janssens");
        c.HomeVisit("karel.janssens", -17, "12:10", "12:35", "Huisbezoek huisarts");
        c.Prescribe("karel.janssens", -17, "12:40", "Bumetanide 1 mg", "C03CA02", "1 × per dag, 's morgens", "Opgestart wegens oedeem en gewichtstoename.");
        c.Note("karel.janssens", -17, "12:45", "Crepitaties beide basissen, halsvenen gestuwd. Start bumetanide. Bij gewicht boven 82 kg of kortademig in rust: doorverwijzen. Vraagt uitdrukkelijk om thuis te blijven als het kan.");
        c.Note("fatima.elidrissi", -15, "15:50", "Mevrouw at bijna niets, soep laten staan. Ze was te moe om mee aan tafel te zitten. Boodschappen gedaan.");

        c.Emergency("nadia.benali", -13, "6:50", "11:15", "Spoedgevallen", "Acute kortademigheid");
        c.Saturation("mieke.bosmans", -13, "7:05", 88, "Bij aankomst, zonder zuurstof.");
        c.Note("nadia.benali", -13, "11:40", "Decompensatie hartfalen, nat en warm. Uitlokkend: ibuprofen 400 mg sinds twee weken, zelf genomen voor de knie. Geen ischemie. Opname cardiologie, bumetanide in infuus.", "Opname cardiologie", Seen.ByProfessionals);
        c.Stay("nadia.benali", -13, "11:20", -2, "14:30", "Opname cardiologie", "Acuut hartfalen");
        decimal[] hospital = [83.1m, 82.2m, 81.0m, 80.1m, 79.3m, 78.8m, 78.1m, 77.7m, 77.4m, 77.1m, 77.0m, 76.9m];
        for (var i = 0; i < hospital.Length; i++)
        {
            c.Weight("mieke.bosmans", -13 + i, "7:00", hospital[i]);
            c.BloodPressure("mieke.bosmans", -13 + i, "7:00", 148 - (i * 2) + c.Chance.Around(4), 84 - i + c.Chance.Around(3));
            if (i is 0 or 1 or 2 or 4 or 7 or 10)
                c.Saturation("mieke.bosmans", -13 + i, "19:00", Math.Min(96, 91 + i));
        }
        c.LabReport(-13, "8:20", "Bloedonderzoek bij opname", (Lab.NtProBnp, 8940m), (Lab.Creatinine, 1.62m), (Lab.Egfr, 29m), (Lab.Potassium, 5.1m), (Lab.Sodium, 133m), (Lab.Crp, 11m), (Lab.Haemoglobin, 11.6m));
        c.Procedure("nadia.benali", -12, "15:30", "Echografie van het hart", "LVEF 33 %, matige mitralisklepinsufficiëntie, vena cava verwijd.");
        c.Note("mieke.bosmans", -11, "14:30", "Plast goed op het infuus: 2,9 liter op 24 uur. Zuurstof van 3 naar 1 liter. Stapt met hulp naar het toilet.", seen: Seen.ByProfessionals);
        c.Note("tom.lenaerts", -8, "10:15", "Gesprek met Maria en An over zelf wegen. Weegt thuis op tapijt: dat geeft tot een kilo verschil. Boekje en weegschaal meegegeven. Ze herkent: dikke sokkenrand, derde kussen, jas niet meer dicht.");
        c.LabReport(-4, "7:30", "Bloedonderzoek voor ontslag", (Lab.NtProBnp, 2310m), (Lab.Creatinine, 1.34m), (Lab.Egfr, 38m), (Lab.Potassium, 4.4m), (Lab.Sodium, 138m));
        c.Letter("nadia.benali", -2, "14:15", "Ontslagbrief cardiologie", "18842-5", "Ontslagbrief", Seen.ByProfessionals,
            "Geachte collega,", $"Uw patiënte verbleef van {d.DayMonth(-13)} tot {d.DayMonth(-2)} op onze dienst wegens acuut hartfalen, uitgelokt door ibuprofen zonder voorschrift.",
            "# Verloop", "Onder bumetanide in infuus daalde het gewicht van 83,1 naar 76,9 kg. De zuurstof kon op dag 6 weg. Geen aanwijzing voor ischemie. Echografie: LVEF 33 %, matige mitralisklepinsufficiëntie.",
            "# Bij ontslag", "Gewicht 76,9 kg (droog gewicht 77,0 kg), bloeddruk 126/74, pols 70 onregelmatig. Creatinine 1,34 mg/dL, eGFR 38, kalium 4,4 mmol/L, NT-proBNP 2310 pg/mL.",
            "# Medicatie", "Bisoprolol 5 mg 1×, sacubitril/valsartan 49/51 mg 2×, spironolacton 25 mg 1×, dapagliflozine 10 mg 1×, bumetanide 1 mg 1×, apixaban 5 mg 2×, insuline glargine 18 E 's morgens, paracetamol 1 g zo nodig.",
            "# Afspraken", "Elke ochtend wegen op een harde vloer. Bij +1,5 kg in twee dagen bumetanide verdubbelen en de hartfalenkliniek bellen. Nierfunctie en kalium op dag 3. Geen NSAID. Raadpleging hartfalenkliniek binnen twee weken.",
            "Met collegiale groeten, dr. Nadia Benali");
        c.Handoff("nadia.benali", "karel.janssens", -2, "14:00", "Eindverantwoordelijkheid na ontslag", "Te bewaken. Droog gewicht 77,0 kg, nierfunctie op dag 3, geen NSAID. Aanvaard om 16:42; drie taken mee overgegaan.", -1, "14:00",
            "Droog gewicht 77,0. Bij +1,5 kg in twee dagen verdubbel ik bumetanide en bel ik de hartfalenkliniek. Nierfunctie donderdag.".Replace("donderdag", d.Weekday(1), StringComparison.Ordinal),
            new DemoStory("watcher", "Net thuis na elf nachten opname.", null)
            {
                Ifs = [("+1,5 kg in twee dagen", "bumetanide verdubbelen en de hartfalenkliniek bellen"), ("kalium boven 5,0 of eGFR onder 30", "spironolacton halveren en ons bellen")],
            });
        c.Note("pieter.wouters", -2, "17:50", "Ontslagmedicatie nagekeken tegen het schema van vóór de opname. Eén verschil: ibuprofen stond er nergens op, maar zat wel in de doos. Vraag aan de huisarts om dit te bevestigen.", mention: "karel.janssens");

        c.Glucose("self", -2, "17:40", 186);
        c.Glucose("self", -1, "7:31", 155);
        c.Note("joke.hermans", -1, "9:20", "Eerste keer na het ziekenhuis. 90 meter met rollator, twee keer rusten, Borg 5. Trap nog niet. Ze wil het echt: de nachtmis hangt aan de koelkast.");
        c.HomeVisit("sofie.maes", -1, "11:15", "11:40", "Huisbezoek thuisverpleging");
        c.Weight("sofie.maes", -1, "11:32", 77.6m, "Enkels voelen strakker dan gisteren. Maria zegt dat de kousen knellen. Oedeem enkels ++.");
        c.BloodPressure("sofie.maes", -1, "11:32", 132, 78);
        c.Pulse("sofie.maes", -1, "11:32", 74);
        c.Task("karel.janssens", -2, "17:55", "pieter.wouters", "Medicatieschema thuis bezorgen en overlopen met An", -1, "18:00", doneDay: -1, doneAt: "14:05");
        c.Note("joke.hermans", -1, "14:48", $"@Sofie {d.Weekday(2)} 10:30 samen de trap oefenen?", mention: "sofie.maes");
        c.Prescribe("karel.janssens", -1, "15:20", "Bumetanide 1 mg", "C03CA02", "2 × per dag (was 1 × per dag)", $"Gewijzigd tot en met {d.DayMonth(2)}. Nagekeken door Pieter Wouters om 15:58, weekdoos aangepast.", 2);
        c.Stop("karel.janssens", -1, "15:21", "Ibuprofen 400 mg", "M01AE01", "hartfalen, houdt vocht vast");
        c.Note("karel.janssens", -1, "15:24", "@Sofie kijkt u goed naar de enkels en belt u mij als een duimafdruk blijft staan?", mention: "sofie.maes");
        c.Note("tom.lenaerts", -1, "16:52", "@Sofie weegschaal staat in de badkamer, op de harde vloer wegen.", mention: "sofie.maes");
        c.Glucose("self", 0, "7:34", 168, "Nuchter.");
        c.Ask("an.desmedt", 0, "7:51", "Mama werd vannacht twee keer wakker omdat ze te weinig lucht kreeg. Ze sliep met drie kussens. Mag ze vandaag een extra plaspil nemen?", "karel.janssens", 0, "12:00");

        var dry = c.Aims("tom.lenaerts", -2, "Gewicht blijft rond het droog gewicht", new() { Loinc = "29463-7", Side = TargetSide.AtMost, Value = 78, Due = d.Day(28) }, sleep);
        var kidneys = c.Aims("karel.janssens", -2, "Nieren verdragen de plaspillen", new() { Words = "eGFR en kalium blijven zoals bij ontslag", Due = d.Day(28) }, sleep);
        var stairs = c.Aims("joke.hermans", -1, "Veilig de trap op en af", new() { Words = "een verdieping zonder rusten, met leuning", Due = d.Day(33) }, mass);
        var blood = c.Task("tom.lenaerts", -2, "16:50", "tom.lenaerts", "Bloedname: nierfunctie, kalium", 1, "10:00", goal: kidneys);
        c.Task("sofie.maes", -1, "11:45", "sofie.maes", "Steunkousen klasse 2 opmeten", 2, "12:00", goal: dry);
        c.Task("joke.hermans", -1, "9:30", "an.desmedt", "Zoutarm koken bespreken", 5, "18:00", goal: dry);
        var weigh = c.Asks("tom.lenaerts", -2, "16:52", "Wegen, bloeddruk, oedeem", 0, "20:00", owner: "tom.lenaerts", state: TaskState.InProgress, goal: dry, repeat: RepeatRule.Daily with { Until = d.Day(13) });
        var teach = c.Task("tom.lenaerts", -2, "16:54", "tom.lenaerts", "An leren: wegen en noteren", 2, "18:00", goal: self);
        var call = c.Task("tom.lenaerts", -2, "16:56", "tom.lenaerts", "Wekelijks belcontact", 5, "17:00", goal: dry);
        c.Handoff("tom.lenaerts", "sofie.maes", -1, "16:50", "Dagelijkse opvolging hartfalen, 14 dagen", "Acute decompensatie door ibuprofen en zout. Ontwaterd van 83,1 naar 76,9 kg; droog gewicht 77,0 kg. LVEF 33 %. Diabetes type 2 met insuline. Woont alleen, dochter An komt elke dag. Gewicht, bloeddruk en oedeem elke ochtend.", 0, "16:50",
            story: new DemoStory("watcher", "Tweede dag thuis na elf nachten opname. Vocht kan snel terugkomen.", "Dagelijkse opvolging hartfalen")
            {
                Until = (13, "23:59"),
                Ifs = [("gewicht +1,5 kg in twee dagen", "bel dr. Janssens, dezelfde voormiddag"), ("kortademig in rust of 's nachts", "bel dr. Janssens binnen 4 uur. Kan Maria geen zin uitspreken: bel 112"), ("systolisch onder 100 of duizelig", "bumetanide niet verhogen, bel de hartfalenkliniek")],
                Tasks = [(weigh, "Wegen, bloeddruk, oedeem", null), (blood, "Bloedname: nierfunctie, kalium", null), (teach, "An leren: wegen en noteren", null), (call, "Wekelijks belcontact", "tom.lenaerts")],
            });
        var nurses = DemoChart.Whoever(Discipline.HomeNurse);
        c.Measures("tom.lenaerts", -2, "17:00", "29463-7", RepeatRule.Daily, ["maria.verhoeven", "an.desmedt", "sofie.maes"],
            new AlertRule { Threshold = new() { Id = "gewicht-erbij", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = 1.5m, OrEqual = true, Window = new(2), Severity = AlertSeverity.High, Since = default }, Owner = nurses, ToDo = "Bel dr. Janssens, dezelfde voormiddag. Kortademig in rust: binnen 4 uur. Kan Maria geen zin uitspreken: bel 112.", Source = "Ontslagafspraak cardiologie" },
            new AlertRule { Threshold = new() { Id = "gewicht-week", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = 2.7m, Window = new(7), Severity = AlertSeverity.High, Since = default }, Owner = nurses, ToDo = "Bel dr. Janssens en de hartfalenkliniek.", Source = "BEAT-HF" },
            new AlertRule { Threshold = new() { Id = "niet-gewogen", Quantity = "Weight", Kind = ThresholdKind.Missing, Window = new(2), Severity = AlertSeverity.Low, Since = default }, Owner = nurses, ToDo = "Vraag Maria of An of wegen gelukt is.", ToConfirm = true });
        c.Measures("tom.lenaerts", -2, "17:02", "85354-9", RepeatRule.Daily, ["sofie.maes"],
            new AlertRule { Threshold = new() { Id = "bovendruk-laag", Quantity = "Systolic", Kind = ThresholdKind.Value, Side = Side.Below, Limit = 95, Severity = AlertSeverity.Moderate, Since = default }, ToDo = "Bumetanide niet verhogen; bel de hartfalenkliniek.", Source = "STRONG-HF" });
        c.Asks("karel.janssens", -1, "15:30", "Griepvaccin toedienen", 3, "12:00", role: Discipline.HomeNurse, detail: "Het vaccin ligt in de koelkast bij apotheek Wouters. Niet bij koorts.");
        c.Asks("tom.lenaerts", -1, "17:05", "Weegschaal van de hartfalenkliniek instellen", 1, "16:00", organisation: "thuisverpleging-dijleland", goal: self, checks: ["Weegschaal koppelen", "Proefmeting doorsturen", "An tonen hoe het werkt"]);
        c.Asks("sofie.maes", -2, "9:00", "Weekdoos vullen en nakijken", 1, "9:00", owner: "sofie.maes", state: TaskState.InProgress, repeat: RepeatRule.Weekly(d.Day(1).DayOfWeek), checks: ["Oude doos leegmaken", "Vullen volgens schema", "An laten meekijken"]);
        c.Asks("nadia.benali", -1, "13:40", "IJzer en ferritine laten bepalen", 0, "17:00", owner: "karel.janssens", priority: TaskPriority.Urgent, detail: "Bij ferritine onder 100 bespreken we ijzer via infuus.");
        c.Asks("joke.hermans", -1, "10:00", "Trap oefenen met leuning", 6, "11:00", owner: "joke.hermans", goal: stairs, state: TaskState.OnHold, reason: "Wacht op de tweede leuning.");
        c.Asks("nadia.benali", -3, "12:10", "Echo van het hart herhalen", 4, "12:00", owner: "karel.janssens", state: TaskState.Rejected, reason: "Is vorige week in het ziekenhuis gebeurd, het verslag staat bij de documenten.");
        c.Daily("sofie.maes", "8:15", "8:40", "Thuisverpleging: insuline en kousen");
        c.Appointment("fatima.elidrissi", 0, "14:00", "16:00", "Gezinszorg: boodschappen, koken zonder zout");
        c.Appointment("joke.hermans", 2, "10:30", "11:00", "Kinesitherapie aan huis: trap");
        c.Appointment("nadia.benali", 9, "10:00", "10:30", "Raadpleging hartfalenkliniek, AZ Dijlezicht");

        c.LastLooked("sofie.maes", -1, "11:40");
        c.LastLooked("karel.janssens", -1, "15:45");
        c.LastLooked("nadia.benali", -2, "15:05");
        c.LastLooked("tom.lenaerts", -1, "16:55");
        c.LastLooked("pieter.wouters", -1, "16:00");
        c.LastLooked("joke.hermans", -1, "14:50");
        c.LastLooked("fatima.elidrissi", -3, "16:05");
        c.LastLooked("an.desmedt", -1, "19:02");
        c.LastLooked("maria.verhoeven", -1, "20:10");
        return c.Finish();
    }
}
