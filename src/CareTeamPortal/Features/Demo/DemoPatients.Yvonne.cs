using CareTeamPortal.Features.Pathways;

namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>COPD: an exacerbation with admission, and a second one that is caught at home.</summary>
    private static DemoPatient Yvonne(DemoCalendar d)
    {
        var c = new DemoChart(d, new("yvonne-theunis", "Yvonne", "Theunis", true, new(1955, 5, 30), 458, "Kerkstraat 7", "3150", "Haacht", "016 55 05 07", "els.peeters"));
        c.Relative("sandra", "Sandra", "Coppens", "buurvrouw", "0470 55 05 08");
        c.Team(-160, "els.peeters", "sofie.maes", "joke.hermans", "pieter.wouters", "marc.hendrickx", "lies.vanhoof", "tine.verbeeck", "sandra", "self");
        c.Accountable("els.peeters", -160, "9:00");

        c.Problem("marc.hendrickx", new(2016, 11, 14), "COPD, GOLD 3 E", "13645005", "FEV1 41 %. Twee opnames in het laatste jaar.");
        c.Problem("els.peeters", new(1995, 1, 1), "Gerookt, 42 pakjaren", null, "Gestopt sinds de opname.");
        c.Problem("els.peeters", new(2020, 7, 21), "Angst bij kortademigheid");
        c.Allergy("els.peeters", new(2011, 2, 18), "Clarithromycine", "Braken en hartkloppingen", severe: false);
        c.Warning("lies.vanhoof", -95, "Zuurstof: streef 88-92 %, niet hoger");

        c.Takes("marc.hendrickx", -155, "Tiotropium/olodaterol 2,5/2,5 µg", "R03AL06", "2 pufs 's morgens");
        c.Takes("marc.hendrickx", -155, "Salbutamol 100 µg", "R03AC02", "1-2 pufs zo nodig, met voorzetkamer");
        c.Takes("els.peeters", -155, "Escitalopram 10 mg", "N06AB10", "1 tablet 's morgens");
        c.Takes("lies.vanhoof", -95, "Zuurstof thuis", null, "1 liter per minuut, minstens 16 uur per dag");

        c.LabReport(-150, "8:40", "Bloedonderzoek", (Lab.Haemoglobin, 15.1m), (Lab.Crp, 3m), (Lab.Creatinine, 0.78m), (Lab.Egfr, 82m), (Lab.Leucocytes, 7.4m));
        for (var day = -158; day <= -110; day += 6)
        {
            c.Saturation("sofie.maes", day, "9:40", 91 + c.Chance.Around(1));
            c.PeakFlow("self", day, "8:10", 180 + (c.Chance.Around(3) * 5));
        }
        c.Note("joke.hermans", -140, "15:10", "Zesminutentest 240 meter, saturatie zakt van 91 naar 85. Lippenrem lukt, tot ze zich opjaagt. Liftkoker niet meer via de trap: akkoord.");
        c.Note("sandra", -109, "7:15", "Ik hoor ze door de muur hoesten sinds gisteren. Ze doet de deur niet goed open.");
        c.Emergency("marc.hendrickx", -108, "9:20", "12:40", "Spoedgevallen", "Kortademig in rust, verward");
        c.Stay("marc.hendrickx", -108, "12:45", -96, "13:30", "Opname longziekten", "Opstoot van COPD");
        for (var day = -108; day <= -97; day++)
        {
            c.Saturation("lies.vanhoof", day, "7:00", Math.Min(92, 84 + ((108 + day) * 1)));
            if (day % 2 == 0)
                c.Pulse("lies.vanhoof", day, "7:00", 112 - ((108 + day) * 3) + c.Chance.Around(4));
            if (day < -101)
                c.Temperature("lies.vanhoof", day, "7:00", 38.3m - ((108 + day) * 0.2m) + c.Chance.Around(0.2m, 0.1m));
        }
        c.LabReport(-108, "10:05", "Bloedonderzoek bij opname", (Lab.Crp, 126m), (Lab.Leucocytes, 15.8m), (Lab.Haemoglobin, 15.4m), (Lab.Sodium, 137m), (Lab.Potassium, 3.6m));
        c.Note("lies.vanhoof", -106, "14:00", "Dag-2-gesprek. Puf zonder voorzetkamer kwam in de wang. Opnieuw aangeleerd, drie keer juist getoond. Ze wil stoppen met roken \"nu het toch moet\": nicotinepleister en afspraak tabakoloog.");
        c.Letter("marc.hendrickx", -96, "13:00", "Ontslagbrief longziekten", "18842-5", "Ontslagbrief", Seen.ByAll,
            "Geachte collega Peeters,", "Uw patiënte verbleef twaalf dagen wegens een infectieuze opstoot van COPD met hypercapnie. Niet-invasieve beademing gedurende twee nachten.",
            "# Bij ontslag", "Saturatie 90 % met 1 liter zuurstof. Thuiszuurstof opgestart. Streefsaturatie 88-92 %: meer is gevaarlijk.",
            "# Actieplan", "Meer slijm, andere kleur of meer pufs nodig: methylprednisolon 32 mg, 5 dagen, uit de noodvoorraad, en dezelfde dag bellen.",
            "Met vriendelijke groeten, dr. Marc Hendrickx");
        c.Follows("els.peeters", "9:30", new("copd-opstoot", [-20, -16, -12], new() { ["longverpleegkundige"] = "sofie.maes", ["longarts"] = "els.peeters", ["huisarts"] = "els.peeters", ["thuisverpleegkundige"] = "sofie.maes", ["apotheker"] = "pieter.wouters", ["kinesitherapeut"] = "joke.hermans", ["patient"] = "self", ["mantelzorger"] = "sandra" }, "bezoek-huisarts")
        {
            Deviations = [("contact-week-1", DeviationReason.NotAvailable, "Yvonne was tot zondag bij haar zus, maandag eerst gebeld.", "sofie.maes", -11, -9)],
        });
        c.OwnWords(-92, "10:40", "Niet meer stikken. En buiten kunnen zitten op de bank met Sandra, zonder dat iedereen naar dat slangetje kijkt.");
        c.Goal(-92, "Op de bank aan de kerk geraken. 60 meter.", "60 meter met draagbare zuurstof", 45, "Tot aan de poort, 35 meter.", "improving");
        c.Goal(-92, "Nooit meer roken.", null, null, "Al 96 dagen niet gerookt.", "improving");
        c.Note("lies.vanhoof", -91, "11:30", "Telefoon week 1. Slaapt 's nachts met bril op de neus, overdag vergeet ze het slangetje in de keuken. 2-3 keer salbutamol per dag. Geen sigaret.");
        for (var day = -94; day <= -1; day += 3)
            c.Saturation("sofie.maes", day, "11:40", day > -9 ? 89 + c.Chance.Around(1) : 90 + c.Chance.Around(1));
        for (var day = -90; day <= -2; day += 6)
            c.Weight("sofie.maes", day, "11:40", 51.8m - ((90 + day) / 60m) + c.Chance.Around(0.3m, 0.1m));
        c.Note("tine.verbeeck", -58, "10:15", "Gewicht daalt traag, BMI 19,6. Eten maakt kortademig. Zes kleine maaltijden, energierijk, drinken tussen de maaltijden. Sandra kookt op zondag mee, lust geen bijvoeding.");
        c.Note("pieter.wouters", -45, "16:30", "Inhalator nagekeken bij levering: teller op nul, ze pufte lucht. Herinnering gezet op 28 dagen. Noodvoorraad methylprednisolon vernieuwd.");
        c.Vaccine("els.peeters", -42, "Griepvaccin en pneumokokkenvaccin");
        c.Note("joke.hermans", -26, "14:20", "Zesminutentest 265 meter met draagbare zuurstof. Ademspiertraining 20 cmH₂O. Ze telt nu zelf tot vier bij uitademen, paniek één keer in plaats van drie.");
        c.Consultation("marc.hendrickx", -24, "10:00", "10:20", "Raadpleging longziekten");
        c.Note("marc.hendrickx", -24, "10:25", "FEV1 43 %, stabiel. Rookvrij, proficiat. Zuurstof behouden, herziening over drie maanden met arterieel bloedgas.");
        c.Note("self", -6, "8:20", "Ik voel me slechter. Niet veel, maar ik moest om 5 uur rechtop zitten. Slijm is geel.");
        c.Saturation("self", -6, "8:22", 87, "Met zuurstof op 1 liter.");
        c.Note("sofie.maes", -6, "10:55", "Knop gezien, meteen langsgegaan. Saturatie 88, pols 102, geen koorts, geel slijm. Actieplan gestart met haar: eerste 32 mg ingenomen om 10:50. Dokter gebeld.", mention: "els.peeters");
        c.Prescribe("els.peeters", -6, "12:15", "Methylprednisolon 32 mg", "H02AB04", "1 tablet 's morgens, 5 dagen", "Actieplan opstoot, uit de noodvoorraad.", -1);
        c.HomeVisit("els.peeters", -5, "13:00", "13:20", "Huisbezoek huisarts");
        c.Note("els.peeters", -5, "13:25", "Geen crepitaties, verlengd expirium. Kan thuis: spreekt volle zinnen. Geen antibioticum zolang geen koorts. Morgen belt Sofie mij met de saturatie.");
        int[] recovering = [87, 88, 88, 89, 90];
        for (var i = 0; i < recovering.Length; i++)
            c.Saturation("self", -5 + i, "20:05", recovering[i]);
        c.Note("sandra", -3, "19:00", "Ik slaap deze week bij Yvonne. Ze hoest minder en heeft spek met eieren gegeten.");
        c.Note("sofie.maes", -1, "11:45", "Slijm terug wit. Saturatie 90 in rust, 86 na de gang. Suikers niet nagekeken onder cortisone, is niet nodig volgens dr. Peeters. Morgen laatste bezoek van de week.");
        var q = c.Ask("self", -2, "15:30", "Ik slaap slecht van die cortisone. Mag ik dat half pilletje van vroeger nemen?", "pieter.wouters", -1, "17:00");
        c.Answer(q, "pieter.wouters", -2, "16:10", "Liever niet: slaappillen remmen uw ademhaling. De cortisone stopt overmorgen, dan komt de slaap terug. Neem ze alleen 's morgens.");

        c.Task("els.peeters", -5, "13:30", "sofie.maes", "Saturatie en slijm elke dag, tot drie dagen goed", 1, "12:00", "in-progress");
        c.Task("els.peeters", -1, "9:00", "pieter.wouters", "Noodvoorraad methylprednisolon aanvullen", 2, "18:00");
        c.Daily("sofie.maes", "11:35", "11:55", "Thuisverpleging: saturatie en slijm");
        c.Appointment("joke.hermans", 2, "14:00", "14:30", "Kinesitherapie aan huis");
        c.Appointment("marc.hendrickx", 68, "10:00", "10:30", "Raadpleging longziekten met bloedgas, AZ Dijlezicht");

        c.LastLooked("sofie.maes", -1, "11:50");
        c.LastLooked("els.peeters", -5, "13:30");
        c.LastLooked("joke.hermans", -9, "14:30");
        c.LastLooked("pieter.wouters", -2, "16:15");
        return c.Finish();
    }
}
