namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Half of a frail couple: Albert, who forgets, with early Parkinson's disease.</summary>
    private static DemoPatient Albert(DemoCalendar d)
    {
        var c = new DemoChart(d, new("albert-claes", "Albert", "Claes", false, new(1938, 7, 19), 241, "Oude Baan 23", "2820", "Rijmenam", "015 55 08 23", "karel.janssens"));
        c.Relative("paula", "Paula", "De Ridder", "echtgenote", "015 55 08 23");
        c.Relative("hilde", "Hilde", "Claes", "dochter", "0470 55 08 25");
        c.Team(-140, "karel.janssens", "sofie.maes", "bram.goossens", "fatima.elidrissi", "hanne.wuyts", "pieter.wouters", "eva.martens", "paula", "hilde", "self");
        c.Accountable("karel.janssens", -400, "9:00");

        c.Problem("karel.janssens", new(2021, 3, 22), "Ziekte van Parkinson", "49049000");
        c.Problem("ann.thijs", new(2024, 5, 6), "Geheugenstoornis, beginnende dementie", "52448006", "MMSE 22 op 30.");
        c.Problem("karel.janssens", new(2013, 8, 1), "Orthostatische hypotensie");
        c.Allergy("karel.janssens", new(2001, 5, 5), "Wespengif", "Zwelling van de hele arm", severe: true, category: "environment");
        c.Warning("karel.janssens", -139, "Valrisico");
        c.Warning("hanne.wuyts", -90, "Dwaalt: sleutel bij de buren op nummer 25");
        c.Takes("karel.janssens", -139, "Levodopa/benserazide 100/25 mg", "N04BA02", "8 u, 12 u, 16 u en 20 u, een halfuur vóór het eten");
        c.Takes("ann.thijs", -139, "Rivastigmine pleister 9,5 mg", "N06DA03", "elke ochtend een nieuwe, andere plaats");
        c.Takes("karel.janssens", -139, "Macrogol", "A06AD15", "1 zakje per dag");

        c.OwnWords(-130, "10:20", "Samen blijven met Paula. In ons huis. En dat ze mij zeggen waar het op staat.");
        c.Goal(-130, "Elke dag zelf de krant halen aan de brievenbus.", null, null, "Gaat met de rollator, als het droog is.", "in-progress");
        for (var day = -138; day <= -2; day += 4)
        {
            c.BloodPressure("sofie.maes", day, "7:15", 112 + c.Chance.Around(9), 64 + c.Chance.Around(5), day % 16 == 10 ? "Rechtstaand 20 lager, even duizelig." : null);
            if (day % 3 == 0)
                c.Weight("sofie.maes", day, "7:15", 71.4m - ((138 + day) * 0.012m) + c.Chance.Around(0.4m, 0.1m));
        }
        c.HomeVisit("hanne.wuyts", -120, "14:00", "15:00", "Huisbezoek maatschappelijk werk");
        c.Note("hanne.wuyts", -120, "15:05", "Beide gesprekken apart. Hij zegt dat alles goed gaat. Zij huilt: 's nachts zoekt hij de deur. Hilde woont in Gent en belt elke avond. Dagcentrum één dag per week voorgesteld, Albert: \"als Paula mee mag\".");
        c.Note("fatima.elidrissi", -102, "11:40", "Meneer at zijn boterham met de servet erbij. Traag gegeten, één keer verslikt in de koffie. Mevrouw had blauwe plek op de arm, zegt van de kast.");
        c.Note("eva.martens", -94, "10:50", "Deursensor en nachtlampje met beweging geplaatst. Losse lopers opgeplooid. Anti-struikelstreep in de gang helpt tegen bevriezen: hij stapt erover als op commando.");
        c.Consultation("ann.thijs", -80, "11:00", "11:40", "Geheugenkliniek");
        c.Score("ann.thijs", -80, "11:20", "MMSE", 22, "Een jaar geleden 24.");
        c.Note("ann.thijs", -80, "11:45", "Lichte achteruitgang, geen hallucinaties. Levodopa niet verhogen wegens bloeddruk. Rijbewijs: vrijwillig ingeleverd, groot verdriet, goed gesprek.");
        var q = c.Ask("hilde", -52, "21:15", "Papa nam gisteren zijn pil van 16 uur twee keer. Kan dat in zakjes met het uur erop?", "pieter.wouters", -51, "18:00");
        c.Answer(q, "pieter.wouters", -51, "10:00", $"Ja. Vanaf {d.Weekday(-49)} rolletjes per inneemmoment. Fatima of Sofie scheurt ze af, het lege zakje blijft op het bord liggen zodat u het ziet op de camera.");
        c.Task("pieter.wouters", -51, "10:05", "pieter.wouters", "Medicatierol opstarten", -49, "18:00", doneDay: -49, doneAt: "17:10");
        c.Note("bram.goossens", -33, "7:30", "Op de grond gevonden naast het bed, wakker, koud. Geen pijn, geen wonde. Zat er volgens Paula sinds 5 uur, zij kreeg hem niet recht en durfde niet bellen.");
        c.Emergency("ann.thijs", -33, "8:40", "13:30", "Spoedgevallen", "Val, twee uur op de grond");
        c.Letter("ann.thijs", -33, "13:45", "Spoedverslag", "34111-5", "Spoedverslag", Seen.ByAll,
            "Geachte collega Janssens,", "Val bij nachtelijk opstaan. CT hersenen: geen bloeding. CK 640 U/L, nierfunctie normaal. Bloeddruk liggend 128/70, staand 98/60.",
            "# Advies", "Drinken 1,5 liter, hoofdeinde 20 graden, levodopa van 20 u op het nachtkastje. Personenalarm dat hij draagt, niet op de kast.", "Met vriendelijke groeten, dr. Ann Thijs");
        c.LabReport(-33, "9:20", "Bloedonderzoek spoed", (Lab.Creatinine, 1.08m), (Lab.Egfr, 63m), (Lab.Sodium, 136m), (Lab.Haemoglobin, 12.9m), (Lab.Crp, 6m));
        c.Note("hanne.wuyts", -28, "16:00", "Personenalarm aan de pols, getest: de centrale belt eerst Hilde, dan nummer 25. Paula mag er ook op drukken. Kortverblijf als noodplan ingeschreven.");
        c.Note("sofie.maes", -12, "7:25", "Pleister van gisteren zat er nog op naast de nieuwe. Eén verwijderd. Huid rood. Afspraak met Fatima: oude eerst, tonen aan elkaar.", mention: "fatima.elidrissi");
        c.Note("paula", -5, "18:30", "Albert is vandaag twee keer kwaad geworden om de sleutel. Daarna wist hij het niet meer. Ik wel.");
        c.Consultation("karel.janssens", -4, "11:30", "11:55", "Huisbezoek huisarts");
        c.Note("karel.janssens", -4, "12:00", "Prikkelbaar bij honger en vermoeidheid, geen infectie. Middagdut invoeren. Met Hilde gebeld over dagcentrum, proefdag volgende week. Paula is de zwakke schakel, zie haar dossier.", seen: Seen.ByProfessionals);
        c.HomeVisit("sofie.maes", -1, "7:10", "7:30", "Huisbezoek thuisverpleging");
        c.Ask("hilde", -1, "20:40", "Wie gaat er met papa mee naar de proefdag in het dagcentrum? Ik kan pas om 14 uur.", "hanne.wuyts", 2, "12:00");
        c.Task("hanne.wuyts", -4, "15:00", "hanne.wuyts", "Vervoer dagcentrum regelen", 3, "17:00");
        c.Daily("sofie.maes", "7:10", "7:30", "Thuisverpleging: hygiëne en pleister");
        c.Appointment("hanne.wuyts", 6, "9:30", "16:00", "Proefdag dagcentrum");
        c.Appointment("fatima.elidrissi", 0, "11:00", "13:00", "Gezinszorg: middagmaal");

        c.LastLooked("sofie.maes", 0, "7:25");
        c.LastLooked("bram.goossens", -10, "8:00");
        c.LastLooked("karel.janssens", -4, "12:05");
        c.LastLooked("fatima.elidrissi", -2, "13:00");
        c.LastLooked("hanne.wuyts", -3, "16:00");
        c.LastLooked("pieter.wouters", -49, "17:15");
        return c.Finish();
    }

    /// <summary>The other half: Paula, who carries the house, with chronic kidney disease and a heart that tires.</summary>
    private static DemoPatient Paula(DemoCalendar d)
    {
        var c = new DemoChart(d, new("paula-deridder", "Paula", "De Ridder", true, new(1940, 12, 2), 190, "Oude Baan 23", "2820", "Rijmenam", "015 55 08 23", "karel.janssens"));
        c.Relative("albert", "Albert", "Claes", "echtgenoot", "015 55 08 23");
        c.Relative("hilde", "Hilde", "Claes", "dochter", "0470 55 08 25");
        c.Team(-140, "karel.janssens", "sofie.maes", "fatima.elidrissi", "hanne.wuyts", "pieter.wouters", "jan.willekens", "hilde", "self");
        c.Accountable("karel.janssens", -400, "9:00");

        c.Problem("karel.janssens", new(2017, 9, 14), "Chronische nierinsufficiëntie, stadium 3b", "709044004");
        c.Problem("karel.janssens", new(2005, 4, 2), "Hypertensie", "38341003");
        c.Problem("karel.janssens", new(2011, 10, 10), "Polsfractuur links, conservatief", null, null, active: false);
        c.Allergy("karel.janssens", new(1979, 7, 8), "Pleisters met zinkoxide", "Blaren", severe: false, category: "environment");
        c.Warning("karel.janssens", -139, "Geen NSAID");
        c.Warning("hanne.wuyts", -119, "Mantelzorger van Albert Claes, overbelast");
        c.Takes("karel.janssens", -139, "Losartan 50 mg", "C09CA01", "1 tablet 's morgens");
        c.Takes("karel.janssens", -139, "Furosemide 40 mg", "C03CA01", "halve tablet 's morgens");
        c.Takes("karel.janssens", -139, "Vitamine D 25.000 IE", "A11CC05", "1 ampul per maand");

        c.OwnWords(-129, "10:45", "Ik kan veel dragen als ik weet dat er iemand komt. Eén namiddag per week voor mij, om naar de kapper te gaan of niets te doen.");
        c.Goal(-129, "Elke week één namiddag weg van huis.", "2 uur", null, "Drie van de vier weken gelukt.", "improving");
        c.Score("hanne.wuyts", -120, "14:30", "Belasting mantelzorger (totaal)", 8);
        (int Day, decimal Creatinine, decimal Egfr, decimal Potassium)[] kidneys = [(-136, 1.38m, 36m, 4.9m), (-74, 1.44m, 34m, 5.0m), (-13, 1.61m, 29m, 5.3m)];
        foreach (var (day, creatinine, egfr, potassium) in kidneys)
            c.LabReport(day, "8:25", "Bloedonderzoek nierfunctie", (Lab.Creatinine, creatinine), (Lab.Egfr, egfr), (Lab.Potassium, potassium), (Lab.Haemoglobin, 11.1m + c.Chance.Around(0.3m, 0.1m)), (Lab.Sodium, 140m));
        for (var day = -137; day <= -3; day += 7)
        {
            c.BloodPressure("sofie.maes", day, "7:40", 144 + c.Chance.Around(9), 82 + c.Chance.Around(5));
            c.Weight("sofie.maes", day, "7:40", 58.9m - ((137 + day) * 0.018m) + c.Chance.Around(0.3m, 0.1m));
            c.Pulse("sofie.maes", day, "7:40", 76 + c.Chance.Around(6));
        }
        c.Note("hanne.wuyts", -119, "9:20", "Ze noemt zichzelf niet moe maar \"versleten\". Valt in slaap met de strijkbout aan. Poetshulp via dienstencheques gestart, oppas van de mutualiteit één namiddag per week.", seen: Seen.ByProfessionals);
        c.Note("fatima.elidrissi", -101, "12:10", "Blauwe plek onderarm gemeld bij Sofie. Ze zei zelf dat Albert zich aan haar vastgreep bij het vallen.");
        c.Note("sofie.maes", -100, "7:50", "Hematoom 6 cm, genezend. Gevraagd zonder hem erbij: geen bang gevoel, wel schrik om samen te vallen. Technieken getoond om hem niet recht te trekken.", seen: Seen.ByProfessionals);
        c.Consultation("karel.janssens", -73, "10:00", "10:20", "Raadpleging huisarts");
        c.Note("karel.janssens", -73, "10:25", "eGFR 34, kalium 5,0. Zoutvervanger in de keuken gevonden: bevat kalium, weg ermee. Losartan behouden, controle over twee maanden.");
        c.Note("jan.willekens", -60, "15:10", "Eerste gesprek. Rouw om iemand die er nog is. Ze kan het benoemen. Volgende keer samen met Hilde over wat zij nog wil, los van zorgen.", seen: Seen.ByProfessionals);
        c.Note("hilde", -45, "20:30", "Mama was bij de kapper en heeft daarna een pannenkoek gegeten op de markt. Ze klonk tien jaar jonger.");
        c.Vaccine("karel.janssens", -40, "Griepvaccin, verhoogde dosis");
        c.Note("karel.janssens", -12, "17:40", "eGFR 29, kalium 5,3. Losartan naar 25 mg, kaliumarm dieet, labo over twee weken. Bij eGFR onder 25 naar de nefroloog. Ze vroeg of ze \"aan de machine\" moet: nee, nu niet.");
        c.Prescribe("karel.janssens", -12, "17:45", "Losartan 25 mg", "C09CA01", "1 tablet 's morgens (was 50 mg)", "Kalium 5,3.");
        var q = c.Ask("sofie.maes", -9, "7:55", "Gewicht 56,4, op twee maanden 1,5 kg af. Eet ze nog genoeg of komt het van de plaspil?", "karel.janssens", -7, "18:00", seen: Seen.ByProfessionals);
        c.Answer(q, "karel.janssens", -8, "12:30", "Beide denk ik. Furosemide naar om de andere dag. Fatima mag mee-eten aan tafel, dan eet Paula ook.", Seen.ByProfessionals);
        c.Prescribe("karel.janssens", -8, "12:35", "Furosemide 40 mg", "C03CA01", "halve tablet om de andere dag (was elke dag)", "Gewichtsverlies, geen oedeem.");
        c.Score("hanne.wuyts", -3, "15:00", "Belasting mantelzorger (totaal)", 10, "Drie nachten na elkaar op.");
        c.Note("hanne.wuyts", -3, "15:20", "Ze houdt het vol \"tot na de feesten\". Kortverblijf voor Albert van twee weken voorgesteld, zij wil eerst met hem praten. Als zij valt, vallen ze samen.", seen: Seen.ByProfessionals, mention: "karel.janssens");
        c.Note("fatima.elidrissi", -2, "13:10", "Samen aan tafel gegeten, ze nam twee keer. Ze vroeg of ik elke dag kon komen, al lachend, maar ze meende het.");
        c.Task("karel.janssens", -12, "17:50", "sofie.maes", "Bloedname nierfunctie en kalium", 2, "9:00");
        c.Task("hanne.wuyts", -3, "15:30", "karel.janssens", "Kortverblijf bespreken met Albert en Paula", 4, "18:00");
        c.Daily("sofie.maes", "7:35", "7:55", "Thuisverpleging: bloeddruk");
        c.Appointment("jan.willekens", 3, "14:00", "14:50", "Gesprek, samen met Hilde");
        c.Appointment("karel.janssens", 8, "11:00", "11:20", "Huisbezoek huisarts");

        c.LastLooked("sofie.maes", 0, "7:45");
        c.LastLooked("karel.janssens", -4, "12:10");
        c.LastLooked("fatima.elidrissi", -2, "13:15");
        c.LastLooked("hanne.wuyts", -3, "15:35");
        c.LastLooked("pieter.wouters", -12, "18:00");
        return c.Finish();
    }
}
