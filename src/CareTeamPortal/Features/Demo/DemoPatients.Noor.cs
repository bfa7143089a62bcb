namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>A child with diabetes type 1; her mother keeps the diary.</summary>
    private static DemoPatient Noor(DemoCalendar d)
    {
        var c = new DemoChart(d, new("noor-vandamme", "Noor", "Van Damme", true, new(2017, 4, 12), 384, "Tervuursesteenweg 59", "3001", "Heverlee", "016 55 07 59", "els.peeters"));
        c.Relative("lien", "Lien", "Raes", "mama", "0470 55 07 60");
        c.Relative("school", "Juf", "Marleen", "zorgjuf van de school", "016 55 07 90");
        c.Team(-110, "els.peeters", "bram.goossens", "sarah.willems", "lotte.jacobs", "tine.verbeeck", "lien", "self");
        c.Accountable("els.peeters", -300, "9:00");

        c.Problem("sarah.willems", d.Day(-104), "Diabetes type 1", "46635009", "Gestart met keto-acidose, pH 7,21.");
        c.Problem("els.peeters", new(2019, 9, 2), "Constitutioneel eczeem");
        c.Allergy("els.peeters", new(2018, 3, 14), "Pinda", "Netelroos en braken, nooit ademnood", severe: true, category: "food");
        c.Warning("sarah.willems", -94, "Insuline: nooit overslaan, ook niet bij ziekte");

        c.Note("lien", -106, "20:40", "Noor drinkt flessen leeg en plast 's nachts in bed, dat deed ze al vier jaar niet meer. Ze is mager geworden. Ik wil morgen langskomen.");
        c.Consultation("els.peeters", -104, "8:30", "8:50", "Raadpleging huisarts");
        c.Glucose("els.peeters", -104, "8:40", 412, "Vingerprik. Ketonen 3,8 mmol/l.");
        c.Note("els.peeters", -104, "8:52", "Ademt diep, appelgeur. Niet naar huis: rechtstreeks naar UZ Kesselberg, gebeld met de kinderarts van wacht. Mama rijdt, ik heb de ambulance aangeboden.");
        c.Stay("sarah.willems", -104, "9:45", -94, "15:00", "Opname kinderafdeling", "Ontregelde diabetes type 1, eerste diagnose");
        for (var day = -104; day <= -95; day++)
            c.Glucose("lotte.jacobs", day, "7:00", Math.Max(118, 330 - ((104 + day) * 28)) + c.Chance.Around(15));
        c.LabReport(-104, "10:30", "Bloedonderzoek bij opname", (Lab.HbA1c, 11.6m), (Lab.HbA1cIfcc, 103m), (Lab.Sodium, 131m), (Lab.Potassium, 5.3m), (Lab.Creatinine, 0.61m), (Lab.Tsh, 2.1m));
        c.Note("lotte.jacobs", -99, "14:15", "Noor prikt zelf in haar vinger en kiest welke. Mama en papa rekenen koolhydraten met de weegschaal. Teddy kreeg ook een sensor. Spuiten doet nog mama.");
        c.Letter("sarah.willems", -94, "14:30", "Ontslagbrief kinderdiabetes", "18842-5", "Ontslagbrief", Seen.ByAll,
            "Geachte collega Peeters,", "Noor (9 jaar) werd opgenomen met een eerste keto-acidose bij diabetes type 1, zonder hersenoedeem.".Replace("9 jaar", $"{d.Age(new(2017, 4, 12))} jaar", StringComparison.Ordinal),
            "# Behandeling", "Insuline degludec 8 eenheden 's avonds, insuline aspart 1 eenheid per 15 g koolhydraten, correctie 1 eenheid per 100 mg/dL boven 150. Glucosesensor, alarm laag op 75.",
            "# Ziektedagen", "Meet ketonen bij glycemie boven 250 of braken. Boven 1,5 mmol/l: bel ons dag en nacht.",
            "# School", "Zorgplan besproken met de school. Glucagon neusspray in de klas.", "Met vriendelijke groeten, dr. Sarah Willems");
        c.Takes("sarah.willems", -94, "Insuline degludec 100 E/ml", "A10AE06", "8 eenheden om 19 uur");
        c.Takes("sarah.willems", -94, "Insuline aspart 100 E/ml", "A10AB05", "1 eenheid per 15 g koolhydraten, vóór het eten");
        c.Takes("sarah.willems", -94, "Glucagon neusspray 3 mg", "H04AA01", "bij bewusteloosheid, één neusgat");
        c.OwnWords(-90, "16:30", "Op turnen blijven. En op kamp met de KSA zonder mama. En dat ze in de klas niet kijken als het alarm gaat.");
        c.Goal(-90, "Op weekend met de KSA, met mijn eigen rugzak.", "één nacht zonder mama", 24, "Geoefend: een nacht bij oma, het ging.", "improving");
        c.Pathway("sarah.willems", -90, "Zorgpad diabetes bij kinderen", "Elke drie maanden naar het kinderdiabetesteam.", "HbA1c onder 53 mmol/mol", "Sensor minstens 70 % van de tijd aan", "Zorgplan school nakijken in september en januari");

        for (var day = -92; day <= -1; day += 2)
        {
            c.Glucose("lien", day, "7:25", 138 + c.Chance.Around(38));
            if (day % 3 == 0)
                c.Glucose("self", day, "16:10", 162 + c.Chance.Around(60));
        }
        for (var day = -88; day <= -4; day += 28)
        {
            c.Weight("lotte.jacobs", day, "14:10", 25.8m + ((88 + day) * 0.022m));
            c.Height("lotte.jacobs", day, "14:10", 134 + ((88 + day) / 40));
        }
        c.LabReport(-12, "13:40", "Bloedonderzoek kinderdiabetes", (Lab.HbA1c, 7.3m), (Lab.HbA1cIfcc, 56m), (Lab.Tsh, 1.9m));
        c.HomeVisit("bram.goossens", -91, "16:00", "16:40", "Eerste huisbezoek thuisverpleging");
        c.Note("bram.goossens", -91, "16:45", "Prikplaats buik wordt hard, dijen erbij genomen. Mama's handen beven nog, techniek is juist. Papa rekent het eten op de kaartjes. Noor telt tot vijf en dan mag het.");
        c.Note("tine.verbeeck", -77, "15:20", "Verjaardagstaart oefenen: één stuk is 28 g, dus 2 eenheden. Noor schreef het op de binnenkant van de kast. Geen verboden lijstje, wel vooraf spuiten.");
        c.Glucose("lien", -63, "18:20", 58, "Na turnen. Sap gedronken, na 15 minuten 104.");
        var q1 = c.Ask("lien", -63, "18:45", "Ze zat op 58 na het turnen. Moeten we minder spuiten bij het vieruurtje op turndagen?", "lotte.jacobs", -62, "12:00");
        c.Answer(q1, "lotte.jacobs", -62, "9:10", "Ja. Op turndagen de helft van de dosis voor het vieruurtje en 15 g extra als ze onder 120 start. Meet voor het slapengaan nog eens.");
        c.Note("school", -55, "15:50", "Alarm ging tijdens de toets. Noor at zelf haar druivensuiker en werkte verder. De klas kreeg uitleg, nu is het gewoon.");
        c.Note("lien", -38, "21:00", "Vier nachten na elkaar wakker door het alarm. We zijn op. Is er iemand die één nacht kan overnemen?");
        c.Answer(c.Ask("lien", -37, "8:15", "Kan de grens van het alarm 's nachts lager zonder gevaar?", "lotte.jacobs", -36, "17:00"), "lotte.jacobs", -37, "11:40", "Tot 70 mag, met herhaling na 15 minuten. En 1 eenheid minder degludec deze week: het zijn nachtelijke dalingen. Bel me over drie dagen.");
        c.Prescribe("sarah.willems", -36, "16:05", "Insuline degludec 100 E/ml", "A10AE06", "7 eenheden om 19 uur (was 8)", "Nachtelijke dalingen.");
        c.Vaccine("els.peeters", -33, "Griepvaccin");
        c.Consultation("sarah.willems", -12, "14:00", "14:40", "Driemaandelijkse raadpleging kinderdiabetes");
        c.Note("sarah.willems", -12, "14:45", "HbA1c 56, tijd in bereik 64 %. Honeymoon loopt af: middagwaarden stijgen. Ratio 's middags naar 1 per 12 g. Groeit goed. Pomp besproken, Noor wil eerst zien hoe het er bij een ander kind uitziet.");
        c.Note("bram.goossens", -7, "16:30", "Laatste wekelijks bezoek. Noor spuit de avonddosis zelf onder toezicht. Spuitplaatsen zacht. Vanaf nu enkel op vraag.");
        c.Glucose("self", -1, "16:12", 268, "Verkouden.");
        c.Note("lien", -1, "20:05", "Verkouden en 37,9. Ketonen 0,6. We volgen het ziekteschema en meten om de drie uur.");
        c.Glucose("lien", 0, "6:50", 231, "Ketonen 0,9.");
        c.Ask("lien", 0, "7:05", "Nog altijd 231 en ketonen 0,9. Mag ze naar school of hou ik ze thuis? En geef ik extra aspart?", "els.peeters", 0, "9:00");

        c.Task("lotte.jacobs", -12, "15:00", "lien", "Zorgplan voor het KSA-weekend invullen", 10, "18:00");
        c.Task("sarah.willems", -90, "10:00", "lotte.jacobs", "Uitleg in de klas geven", -60, "16:00", doneDay: -68, doneAt: "11:30");
        c.Appointment("sarah.willems", 78, "14:00", "14:40", "Raadpleging kinderdiabetes, UZ Kesselberg");
        c.Appointment("tine.verbeeck", 15, "16:00", "16:30", "Diëtist");

        c.LastLooked("els.peeters", -11, "18:20");
        c.LastLooked("bram.goossens", -7, "16:35");
        return c.Finish();
    }
}
