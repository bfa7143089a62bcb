using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Hip fracture: surgery, delirium, rehabilitation, home with a catheter for a while.</summary>
    private static DemoPatient Simonne(DemoCalendar d)
    {
        var c = new DemoChart(d, new("simonne-baeten", "Simonne", "Baeten", true, new(1942, 10, 5), 302, "Liersesteenweg 212", "2800", "Mechelen", "015 55 04 12", "karel.janssens"));
        c.Relative("koen", "Koen", "Wellens", "zoon", "0470 55 04 13");
        c.Team(-90, "karel.janssens", "sofie.maes", "joke.hermans", "fatima.elidrissi", "peter.daems", "ann.thijs", "els.vos", "eva.martens", "koen", "self");
        c.Accountable("karel.janssens", -180, "9:00");

        c.Problem("peter.daems", d.Day(-62), "Heupfractuur rechts (femurhals)", "5913000", "Kop-halsprothese de dag na de val.");
        c.Problem("ann.thijs", d.Day(-58), "Osteoporose", "64859006", "T-score heup -3,1.");
        c.Problem("karel.janssens", new(2010, 2, 8), "Slechthorend, hoorapparaat links");
        c.Problem("els.vos", d.Day(-50), "Urineretentie na ingreep", null, "Verblijfskatheter, proef zonder gepland.");
        c.Allergy("karel.janssens", new(1999, 11, 3), "Latex", "Contacteczeem handen", severe: false, category: "environment");
        c.Warning("ann.thijs", -58, "Valrisico");
        c.Warning("ann.thijs", -59, "Delier gehad na narcose");

        c.Takes("karel.janssens", -89, "Amlodipine 5 mg", "C08CA01", "1 tablet 's morgens");
        c.Takes("ann.thijs", -44, "Calcium 1 g / vitamine D 880 IE", "A12AX", "1 kauwtablet 's avonds");
        c.Takes("ann.thijs", -44, "Paracetamol 1 g", "N02BE01", "8 u, 14 u en 20 u");
        c.Takes("ann.thijs", -43, "Alendronaat 70 mg", "M05BA04", "1 × per week op zondag, nuchter, een halfuur rechtop blijven");

        c.Emergency("peter.daems", -62, "22:40", "23:55", "Spoedgevallen", "Val in de keuken, rechterbeen korter en naar buiten gedraaid");
        c.Stay("peter.daems", -61, "0:10", -48, "11:00", "Opname orthopedie", "Heupfractuur");
        c.Procedure("peter.daems", -61, "14:20", "Kop-halsprothese rechts", "Binnen 16 uur na de val. Bloedverlies 250 ml.");
        c.Note("ann.thijs", -61, "10:15", "Vóór de ingreep gezien. Katz B, woont alleen, MMSE voorjaar 27. Risico op delier hoog: gehoorapparaat en bril mee naar de zaal, geen benzodiazepine, zoon mag blijven slapen.", "Geriatrisch consult", Seen.ByProfessionals);
        c.Score("ann.thijs", -60, "20:30", "4AT", 7, "Onrustig, plukt aan het infuus.");
        c.Score("ann.thijs", -57, "20:30", "4AT", 3);
        c.Score("ann.thijs", -54, "20:30", "4AT", 0);
        c.Note("koen", -59, "21:10", "Mama denkt dat ze in het klooster van haar zus is en wil naar huis. Ik heb haar hand vastgehouden tot ze sliep. Is dit blijvend?");
        c.Note("ann.thijs", -58, "9:30", "Aan zoon uitgelegd: delier, meestal tijdelijk. Klok en foto's op de kamer, hoorapparaat in, overdag in de zetel. Geen fixatie.");
        for (var day = -61; day <= -49; day++)
        {
            c.Temperature("mieke.bosmans", day, "7:30", 36.9m + (day < -58 ? 0.5m : 0m) + c.Chance.Around(0.3m, 0.1m));
            c.Pain("mieke.bosmans", day, "7:30", Math.Max(1, 6 + ((-61 - day) / 2) + c.Chance.Between(0, 1)));
            if (day % 2 == 0)
                c.BloodPressure("mieke.bosmans", day, "7:30", 128 + c.Chance.Around(10), 72 + c.Chance.Around(6));
        }
        c.LabReport(-60, "7:10", "Bloedonderzoek na ingreep", (Lab.Haemoglobin, 9.4m), (Lab.Crp, 88m), (Lab.Leucocytes, 11.2m), (Lab.Sodium, 134m), (Lab.Creatinine, 0.94m), (Lab.Egfr, 54m));
        c.LabReport(-52, "7:10", "Bloedonderzoek", (Lab.Haemoglobin, 10.3m), (Lab.Crp, 24m), (Lab.VitaminD, 14m), (Lab.Albumin, 33m));
        c.Stay("ann.thijs", -48, "11:30", -20, "14:00", "Opname revalidatie geriatrie", "Revalidatie na heupfractuur");
        c.Note("eva.martens", -30, "14:40", "Huisbezoek met Koen. Tapijt gang weg, toiletverhoger, handgreep bad. Bed van boven naar de eetkamer voor de eerste weken. Ze wil haar eigen matras, dat lukt.");
        c.Letter("ann.thijs", -20, "13:10", "Ontslagbrief geriatrie", "18842-5", "Ontslagbrief", Seen.ByAll,
            "Geachte collega Janssens,", "Uw patiënte revalideerde vier weken op onze dienst na een kop-halsprothese rechts.",
            "# Functie", "Stapt 60 meter met looprek en toezicht. Trap met hulp van één persoon. Katz B. Delier volledig hersteld (4AT 0).",
            "# Blaas", "Retentie na de ingreep, verblijfskatheter charrière 14. Proef zonder katheter via urologie over drie weken.",
            "# Botten", "Alendronaat, calcium en vitamine D opgestart. Controle densitometrie over twee jaar. Valpreventie met de familie besproken.",
            "Met vriendelijke groeten, dr. Ann Thijs");
        c.Handoff("ann.thijs", "karel.janssens", -20, "12:30", "Verder herstel thuis na heupfractuur", "Stabiel. Pijn goed met paracetamol. Katheter tot urologie. Mobiliteit en woonst herbekijken op dag 120. Aanvaard dezelfde dag.", -19, "12:30", "Looprek, twee keer per week kine, katheter tot urologie, alendronaat op zondag. Ik zie haar binnen de week.",
            new DemoStory("stable", "Delier volledig hersteld, pijn onder controle.", null)
            {
                Ifs = [("koorts of troebele urine", "urine onderzoeken, katheter laten zitten"), ("plots verward", "4AT afnemen en dezelfde dag bellen")],
            });

        c.OwnWords(-18, "16:30", "Terug boven slapen, in mijn eigen kamer met het raam op de kerk. En niet naar een home.");
        c.Goal(-18, "De trap op, alleen, met Koen beneden.", "14 treden met leuning", 25, "Acht treden met Joke, één keer gestopt.", "improving");
        c.HomeVisit("sofie.maes", -19, "11:00", "11:30", "Huisbezoek thuisverpleging");
        c.Note("sofie.maes", -19, "11:35", "Wonde droog, hechtingen weg. Katheter loopt helder. Beenzak overdag, nachtzak aan het bed. Latexvrije handschoenen in de kast gelegd, doos aangeduid.");
        for (var day = -19; day <= -1; day += 2)
        {
            c.Pain("sofie.maes", day, "11:05", Math.Max(1, 4 + ((-19 - day) / 6) + c.Chance.Between(-1, 1)));
            c.BloodPressure("sofie.maes", day, "11:05", 134 + c.Chance.Around(8), 76 + c.Chance.Around(5));
            if (day > -8)
                c.Temperature("sofie.maes", day, "11:05", 36.6m + c.Chance.Around(0.3m, 0.1m));
        }
        for (var day = -19; day <= -2; day += 6)
            c.Weight("sofie.maes", day, "11:05", 54.6m + c.Chance.Around(0.4m, 0.1m));
        c.Note("joke.hermans", -15, "13:45", "Eerste sessie thuis. Looprek staat te laag, twee gaten hoger. Kracht quadriceps rechts 4 op 5. Durft niet draaien in de gang. 5 keer opstaan: 21 seconden.");
        c.Note("fatima.elidrissi", -12, "12:50", "Samen gekookt, ze zat op de hoge kruk en sneed de wortelen. Goed gegeten. Vroeg drie keer welke dag het is.");
        c.HomeVisit("karel.janssens", -14, "17:30", "17:50", "Huisbezoek huisarts");
        c.Note("karel.janssens", -14, "17:55", "Herstel volgens verwachting. Bloeddruk goed, geen duizeligheid bij rechtstaan (138/78 liggend, 130/76 na 3 minuten). Alendronaat wordt goed ingenomen, Koen belt zondag.");
        var q = c.Ask("fatima.elidrissi", -8, "13:05", "Mevrouw wil zelf douchen. Mag dat met die zak aan haar been, en mag ik haar alleen laten?", "sofie.maes", -7, "11:00");
        c.Answer(q, "sofie.maes", -8, "16:20", "Douchen mag, zak leegmaken en laten hangen. Laat haar niet alleen in de douche tot Joke het goedkeurt.");
        c.Answer(q, "joke.hermans", -7, "9:40", "Met de douchestoel en de greep mag u naast de deur blijven staan. Nooit de deur op slot.");
        c.Consultation("els.vos", -1, "15:30", "15:50", "Raadpleging urologie");
        c.Letter("els.vos", -1, "18:05", "Verslag urologie", "11488-4", "Consultverslag", Seen.ByAll,
            "Geachte collega,", "Residu bij vorige proef 350 ml. Tamsulosine niet aangewezen. Urinekweek negatief.",
            "# Voorstel", "Nieuwe proef zonder katheter over één week, 's morgens thuis te verwijderen door de thuisverpleging. Controle van het residu om 16 uur. Boven 200 ml: katheter terug en bellen.",
            "Met vriendelijke groeten, dr. Els Vos");
        c.Note("fatima.elidrissi", -1, "13:20", "Trap geoefend met mij achter haar, acht treden. Ze was heel fier. Been was daarna wel dik.");
        c.Ask("koen", -1, "21:05", "Ik ben volgende week vier dagen in het buitenland. Wie kan er 's avonds nog even binnenspringen?", "karel.janssens", 1, "18:00");

        c.Asks("karel.janssens", 0, "7:20", "Urinestaal bezorgen aan het labo", 0, "15:00", role: Discipline.HomeNurse, priority: TaskPriority.Asap);
        c.Task("els.vos", -1, "18:06", "sofie.maes", "Katheter verwijderen en residu meten", 6, "16:30");
        c.Task("karel.janssens", -14, "18:00", "sofie.maes", "Katheterzorg en blaasspoeling", 0, "11:00", "in-progress");
        c.Task("eva.martens", -30, "14:50", "koen", "Handgreep bad laten plaatsen", -18, "18:00", doneDay: -21, doneAt: "17:30");
        c.Daily("sofie.maes", "11:00", "11:25", "Thuisverpleging: katheterzorg");
        c.Appointment("joke.hermans", 1, "13:30", "14:00", "Kinesitherapie aan huis: trap");
        c.Appointment("peter.daems", 16, "10:20", "10:40", "Controle orthopedie, AZ Dijlezicht");
        c.Appointment("fatima.elidrissi", 2, "11:00", "13:00", "Gezinszorg: koken en wassen");

        c.LastLooked("sofie.maes", -1, "11:20");
        c.LastLooked("karel.janssens", -3, "19:00");
        c.LastLooked("joke.hermans", -5, "14:00");
        c.LastLooked("fatima.elidrissi", -1, "13:25");
        return c.Finish();
    }
}
