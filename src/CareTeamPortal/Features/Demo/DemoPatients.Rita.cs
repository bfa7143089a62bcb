namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Diabetes type 2 in the care trajectory, at the start of insulin.</summary>
    private static DemoPatient Rita(DemoCalendar d)
    {
        var c = new DemoChart(d, new("rita-mertens", "Rita", "Mertens", true, new(1957, 8, 22), 246, "Putsesteenweg 88", "2820", "Bonheiden", "015 55 02 31", "els.peeters"));
        c.Relative("luc", "Luc", "Van Hove", "echtgenoot", "0470 55 02 32");
        c.Team(-200, "els.peeters", "sofie.maes", "pieter.wouters", "inge.smets", "tine.verbeeck", "katrien.dewolf", "luc", "self");
        c.Accountable("els.peeters", -200, "9:00");

        c.Problem("els.peeters", new(2014, 1, 20), "Diabetes type 2", "44054006", "Zorgtraject diabetes sinds vier jaar.");
        c.Problem("els.peeters", new(2012, 6, 11), "Hypertensie", "38341003");
        c.Problem("katrien.dewolf", new(2022, 10, 3), "Beginnende diabetische retinopathie", null, "Oogcontrole elke twaalf maanden.");
        c.Allergy("els.peeters", new(2003, 4, 9), "Sulfamiden", "Jeukende uitslag op romp en armen", severe: false);
        c.Warning("inge.smets", -9, "Risico op hypo, pas gestart met insuline");

        c.Takes("els.peeters", -199, "Metformine 850 mg", "A10BA02", "1 tablet bij elke maaltijd");
        c.Takes("els.peeters", -199, "Gliclazide 60 mg", "A10BB09", "1 tablet 's morgens");
        c.Takes("els.peeters", -199, "Perindopril 5 mg", "C09AA04", "1 tablet 's morgens");
        c.Takes("els.peeters", -199, "Atorvastatine 20 mg", "C10AA05", "1 tablet 's avonds");
        c.Pathway("els.peeters", -196, "Zorgtraject diabetes type 2", "Contract verlengd met dr. Dewolf en het ziekenfonds.", "HbA1c om de drie maanden, streef onder 53 mmol/mol", "Voeten, ogen en nieren elk jaar", "Diabeteseducatie aan huis, vijf sessies", "Diëtist twee keer per jaar");

        c.OwnWords(-190, "11:05", "Ik wil blijven bakken voor de kleinkinderen en er zelf van proeven. En geen leven rond een prikboekje.");
        c.Goal(-185, "Elke dag een halfuur wandelen met Luc en de hond.", "5 dagen op 7", 60, "Vorige week 4 van 7 dagen.", "improving");
        c.Goal(-20, "Zelf leren spuiten, zonder dat ik bibber.", null, 14, "Derde prik alleen gezet, Sofie keek toe.", "improving");

        (int Day, decimal Percent, decimal Mmol)[] hba1c = [(-198, 7.4m, 57m), (-105, 7.9m, 63m), (-17, 8.8m, 73m)];
        foreach (var (day, percent, mmol) in hba1c)
            c.LabReport(day, "8:05", "Bloedonderzoek zorgtraject", (Lab.HbA1c, percent), (Lab.HbA1cIfcc, mmol), (Lab.Creatinine, 0.92m), (Lab.Egfr, 66m), (Lab.Ldl, 84m + c.Chance.Between(-6, 9)), (Lab.AlbuminCreatinineRatio, 38m + c.Chance.Between(-3, 8)));
        for (var day = -180; day <= -20; day += 20)
        {
            c.Weight("els.peeters", day, "17:10", 84.2m + (day / 100m * -0.6m) + c.Chance.Around(0.5m, 0.1m));
            c.BloodPressure("els.peeters", day, "17:10", 136 + c.Chance.Around(8), 80 + c.Chance.Around(5));
        }
        for (var day = -150; day <= -12; day += 4)
            c.Glucose("self", day, $"7:{c.Chance.Between(10, 40)}", 148 + ((150 + day) / 3) + c.Chance.Around(22));

        c.Consultation("els.peeters", -180, "17:00", "17:20", "Raadpleging zorgtraject");
        c.Note("els.peeters", -180, "17:22", "HbA1c 57. Ze neemt de middagdosis metformine vaak niet: \"dan zit ik bij de kleinkinderen\". Afgesproken om ze in de handtas te steken.");
        c.Note("tine.verbeeck", -162, "14:35", "Voedingsdagboek overlopen. Ontbijt en middag goed, tussen 16 en 19 u koekjes en fruitsap bij het bakken. Voorstel: proeven mag, sap wordt water met citroen. Ze lacht en schrijft het op.");
        c.Consultation("lut.claessens", -140, "10:00", "10:30", "Jaarlijks voetonderzoek");
        c.Note("lut.claessens", -140, "10:35", "Voetrisico 1. Monofilament links twee punten niet gevoeld. Eelt MTP 1 verwijderd. Binnenzool links aangepast. Nooit blootsvoets, ook niet in huis.");
        c.Consultation("katrien.dewolf", -101, "9:40", "10:00", "Raadpleging endocrinologie");
        c.Letter("katrien.dewolf", -100, "16:20", "Verslag endocrinologie", "11488-4", "Consultverslag", Seen.ByAll,
            "Geachte collega Peeters,", "Ik zag uw patiënte in het kader van het zorgtraject. HbA1c 63 mmol/mol (7,9 %), stijgend, ondanks metformine en gliclazide.",
            "# Besluit", "Eerst therapietrouw en beweging. Bij HbA1c boven 69 mmol/mol start van een basaal insuline, 10 eenheden 's avonds, met educatie aan huis. Fundusonderzoek: lichte retinopathie, stabiel.",
            "Met vriendelijke groeten, dr. Katrien Dewolf");
        c.Note("luc", -64, "20:15", "Rita is 's avonds zo moe. Ze drinkt ook veel, soms sta ik er van te kijken. Is dat van de suiker?");
        c.Consultation("els.peeters", -15, "16:40", "17:05", "Raadpleging huisarts");
        c.Note("els.peeters", -15, "17:08", "HbA1c 73. We starten insuline. Eerst verzet (\"mijn moeder verloor er haar voet mee\"), na uitleg akkoord om het drie maanden te proberen. Gliclazide blijft voorlopig.");
        c.Prescribe("els.peeters", -15, "17:10", "Insuline glargine 100 E/ml", "A10AE04", "10 eenheden om 21:30", "Met 2 eenheden verhogen om de 3 dagen tot nuchter onder 130 mg/dL.");
        c.Note("pieter.wouters", -14, "9:25", "Pennen, naalden 4 mm, glucosemeter en strips meegegeven. Naaldcontainer besteld. Reservepennen in de deur van de koelkast, niet tegen de achterwand.");
        c.HomeVisit("inge.smets", -12, "10:00", "11:00", "Diabeteseducatie, sessie 1");
        c.Note("inge.smets", -12, "11:05", "Prikplaatsen buik geoefend op het kussentje. Herkent beven en honger als hypo, kent de regel van 15 gram. Ze wil dat Luc het ook kan: volgende keer 's avonds.");
        int[] fasting = [182, 178, 171, 174, 166, 158, 161, 149, 143, 138, 141, 132];
        for (var i = 0; i < fasting.Length; i++)
            c.Glucose("self", -11 + i, i == 11 ? "7:12" : $"7:{c.Chance.Between(5, 40)}", fasting[i], i == 0 ? "Nuchter, eerste ochtend na de eerste prik." : null);
        c.Glucose("self", -4, "16:48", 64, "Beefde in de winkel. Drie klontjes genomen, na een kwartier 92.");
        c.Glucose("self", -4, "17:04", 92);
        c.Note("sofie.maes", -4, "21:45", "Langs geweest na de hypo. Insuline stond op 14 E, juist opgetrokken. Ze had de middag overgeslagen na het zwemmen. Dosis niet verhoogd, huisarts verwittigd.", mention: "els.peeters");
        c.Prescribe("els.peeters", -3, "8:30", "Gliclazide 60 mg", "A10BB09", "halve tablet 's morgens (was 1 tablet)", "Gehalveerd na een hypo overdag onder insuline.");
        var q = c.Ask("self", -3, "11:20", "Mag ik gaan zwemmen als ik 's avonds nog moet spuiten? Ik ben er nu wat bang voor.", "inge.smets", -2, "17:00");
        c.Answer(q, "inge.smets", -3, "15:02", "Ja, graag zelfs. Meet vóór het zwemmen. Onder 120: eerst een boterham. Neem druivensuiker mee aan de rand van het bad en zeg het tegen de redder.");
        c.Answer(q, "self", -3, "15:40", "Dank u, dan ga ik morgen.");
        c.Note("sofie.maes", -1, "21:50", "Zelf opgetrokken en gespoten, ik moest niets zeggen. Dosis nu 14 E, goed genoteerd. Nog twee avonden samen, dan alleen.");
        c.Ask("luc", 0, "7:20", "Vannacht om 3 uur was ze nat van het zweet. Gemeten: 71. Moet er minder insuline bij?", "els.peeters", 0, "13:00");

        c.Task("els.peeters", -15, "17:15", "inge.smets", "Diabeteseducatie aan huis, vijf sessies", 30, "18:00", "in-progress");
        c.Task("els.peeters", -3, "8:35", "sofie.maes", "Nuchtere waarden van de week doorgeven", 1, "18:00");
        var doses = c.Task("els.peeters", -3, "8:38", "els.peeters", "Insulinedosis opbouwen volgens schema", 7, "18:00", "in-progress");
        var alone = c.Task("els.peeters", -3, "8:40", "els.peeters", "Rita leren alleen te spuiten", 5, "21:00");
        c.Handoff("els.peeters", "sofie.maes", 0, "7:38", "Opstart insuline: aanleren en opvolgen", "Insuline glargine 14 E 's avonds, opgestart na HbA1c boven streef. Aanleren tot ze alleen spuit, dosis verhogen volgens schema.", 1, "7:38",
            story: new DemoStory("stable", "Eén hypo na het zwemmen, sindsdien rustig.", "Opstart insuline")
            {
                Ifs = [("glucose onder 70", "vast 15 g suiker geven, dezelfde dag melden, dosis niet verhogen"), ("nuchter drie dagen boven 180", "bel mij voor de volgende stap van het schema")],
                Tasks = [(doses, "Insulinedosis opbouwen volgens schema", null), (alone, "Rita leren alleen te spuiten", null)],
            });
        c.Task("els.peeters", -40, "9:00", "lut.claessens", "Binnenzool links nakijken", -20, "12:00", doneDay: -22, doneAt: "10:40");
        c.Daily("sofie.maes", "9:30", "9:55", "Thuisverpleging: insuline aanleren");
        c.Appointment("inge.smets", 3, "19:00", "20:00", "Diabeteseducatie, sessie 3, samen met Luc");
        c.Appointment("els.peeters", 12, "16:40", "17:00", "Raadpleging huisarts");
        c.Appointment("katrien.dewolf", 80, "9:40", "10:00", "Raadpleging endocrinologie, AZ Dijlezicht");

        c.LastLooked("sofie.maes", -1, "22:00");
        c.LastLooked("els.peeters", -2, "18:10");
        c.LastLooked("pieter.wouters", -14, "9:30");
        return c.Finish();
    }
}
