using CareTeamPortal.Features.Pathways;

namespace CareTeamPortal.Features.Demo;

internal static partial class DemoPatients
{
    /// <summary>Palliative care at home.</summary>
    private static DemoPatient Frans(DemoCalendar d)
    {
        var c = new DemoChart(d, new("frans-lambrechts", "Frans", "Lambrechts", false, new(1959, 1, 27), 215, "Rijmenamsesteenweg 131", "2820", "Bonheiden", "015 55 06 31", "karel.janssens"));
        c.Relative("greet", "Greet", "Somers", "echtgenote", "0470 55 06 32");
        c.Relative("tim", "Tim", "Lambrechts", "zoon", "0470 55 06 33");
        c.Team(-120, "karel.janssens", "bram.goossens", "pieter.wouters", "hanne.wuyts", "veerle.nijs", "dirk.stevens", "jan.willekens", "ilse.baert", "greet", "tim", "self");
        c.Accountable("karel.janssens", -200, "9:00");

        c.Problem("dirk.stevens", d.Day(-190), "Pancreascarcinoom met levermetastasen", "363418001", "Chemotherapie gestopt op vraag van de patiënt.");
        c.Problem("karel.janssens", d.Day(-100), "Kankerpijn, bovenbuik en rug");
        c.Problem("karel.janssens", new(2008, 3, 3), "Hypercholesterolemie", null, "Behandeling gestopt, geen nut meer.", active: false);
        c.Allergy("karel.janssens", new(1994, 8, 16), "Metoclopramide", "Spierkrampen in de hals", severe: true);
        c.Warning("karel.janssens", -84, "Niet reanimeren, DNR-code 2");
        c.Warning("veerle.nijs", -60, "Noodpakket in de keukenkast, rechts boven");

        c.Note("dirk.stevens", -122, "15:20", "Progressie onder tweede lijn. Met Frans en Greet besproken dat verdere chemo weinig winst geeft. Hij heeft er over gedacht: \"ik wil nog een zomer in de tuin, geen zomer in de zaal\". Stop, verwijzing palliatieve thuiszorg.");
        c.Letter("dirk.stevens", -121, "10:10", "Verslag oncologie", "11488-4", "Consultverslag", Seen.ByProfessionalsAndPatient,
            "Geachte collega Janssens,", "Uw patiënt koos na overleg om de behandeling te stoppen. Verwachte levensduur in maanden.",
            "# Symptomen", "Pijn bovenbuik NRS 3, vermagering 9 kg, geen icterus. Bij geelzucht is een stent bespreekbaar.",
            "# Afspraken", "Palliatief statuut, oncocoach blijft bereikbaar. Geen opname tenzij hij het vraagt.", "Met vriendelijke groeten, dr. Dirk Stevens");
        c.OwnWords(-115, "14:00", "Thuis sterven, in de kamer met zicht op de tuin. Geen pijn. Dat Greet niet alles alleen moet doen, en dat Tim er mag zijn zonder iets te moeten zeggen.");
        c.Goal(-110, "De duiven zelf nog lossen op zaterdag.", null, null, "Gelukt met Tim naast hem, in de stoel.", "in-progress");
        c.Goal(-110, "Geen pijn boven 3.", "NRS hoogstens 3", null, "Deze week twee keer 5.", "worsening");
        c.Follows("karel.janssens", "11:00", new("palliatieve-thuiszorg", [-40, -33, -18], new() { ["huisarts"] = "karel.janssens", ["thuisverpleegkundige"] = "bram.goossens", ["palliatief-team"] = "bram.goossens", ["ziekenhuisverpleegkundige"] = "bram.goossens", ["apotheker"] = "pieter.wouters", ["psycholoog"] = "hanne.wuyts", ["wachtpost"] = "karel.janssens", ["patient"] = "self", ["mantelzorger"] = "greet" }, "noodkit")
        {
            Deviations = [("steun", DeviationReason.PatientWish, "Niet nu. Eerst de kleinkinderen met Sinterklaas.", "hanne.wuyts", -7, 14)],
        });
        c.Note("hanne.wuyts", -104, "11:00", "Palliatief forfait en medisch bed geregeld, parkeerkaart loopt. Greet minder gaan werken: palliatief verlof, formulier ingevuld. Ze vroeg wat er na komt, ik heb gezegd dat we dat samen doen.");
        c.Consultation("karel.janssens", -84, "19:00", "20:10", "Gesprek vroegtijdige zorgplanning");
        c.Letter("karel.janssens", -84, "20:30", "Vroegtijdige zorgplanning", "42348-3", "Voorafgaande wilsverklaring", Seen.ByAll,
            "# Wat Frans wil", "Thuis blijven tot het einde. Geen reanimatie, geen opname op spoed, behalve bij een breuk of een bloeding die thuis niet te stelpen is.",
            "# Comfort", "Pijn en benauwdheid behandelen, ook als dat slaperig maakt. Palliatieve sedatie is besproken en voor hem aanvaardbaar.",
            "# Vertegenwoordiger", "Greet Somers, echtgenote. Zoon Tim is op de hoogte.");
        c.Note("jan.willekens", -70, "17:15", "Twee gesprekken met Tim. Schuldgevoel over jaren weinig contact. Wil iets doen met zijn handen: bouwt het duivenhok om zodat papa kan zitten.", seen: Seen.ByProfessionals);

        c.Takes("karel.janssens", -100, "Paracetamol 1 g", "N02BE01", "4 × per dag");
        c.Takes("karel.janssens", -98, "Fentanyl pleister 12 µg/uur", "N02AB03", "om de 72 uur");
        c.Takes("karel.janssens", -98, "Macrogol", "A06AD15", "1 zakje per dag, tot stoelgang");
        c.Takes("veerle.nijs", -60, "Morfine 10 mg/ml, noodpakket", "N02AA01", "5 mg onderhuids zo nodig, om de 4 uur");
        c.Takes("veerle.nijs", -60, "Midazolam 5 mg/ml, noodpakket", "N05CD08", "2,5 mg onderhuids bij angst of benauwdheid");

        int[] pain = [2, 3, 2, 4, 3, 2, 3, 3, 2, 3, 2, 2, 3, 4, 3, 3, 2, 3, 3, 4];
        for (var i = 0; i < pain.Length; i++)
            c.Pain(i % 3 == 0 ? "bram.goossens" : "self", -100 + (i * 4), "10:30", pain[i]);
        for (var day = -98; day <= -4; day += 7)
            c.Weight("bram.goossens", day, "10:30", 66.0m - ((98 + day) * 0.09m) + c.Chance.Around(0.2m, 0.1m));
        for (var day = -96; day <= -6; day += 6)
            c.BloodPressure("bram.goossens", day, "10:35", 118 - ((96 + day) / 6) + c.Chance.Around(6), 70 + c.Chance.Around(5));
        c.Note("bram.goossens", -97, "10:45", "Eerste pleister geplakt, linkerschouder, datum erop geschreven. Uitgelegd: geen warmtekussen op de pleister. Greet noteert het uur op de kalender.");
        c.Prescribe("karel.janssens", -62, "11:30", "Fentanyl pleister 25 µg/uur", "N02AB03", "om de 72 uur (was 12 µg/uur)", "Pijn herhaaldelijk 4, doorbraakdosissen drie per dag.");
        c.Note("veerle.nijs", -60, "14:45", "Noodpakket overlopen met Greet en Tim, spuitjes gelabeld op kleur. Tim durft prikken, Greet niet en dat is goed. Ons nummer hangt op de frigo.");
        c.Note("greet", -41, "22:30", "Vandaag heeft hij een halve wafel gegeten en om de kaarten gelachen. Ik schrijf het op omdat ik de goede dagen ook wil onthouden.");
        c.LabReport(-30, "9:10", "Bloedonderzoek, enkel wat iets verandert", (Lab.Bilirubin, 2.9m), (Lab.Haemoglobin, 9.9m), (Lab.Albumin, 26m));
        c.Note("karel.janssens", -29, "18:40", "Bilirubine 2,9, jeuk beperkt. Stent voorgesteld, hij wil niet meer naar het ziekenhuis. Akkoord. Antihistaminicum 's avonds, koele doeken.");
        c.Note("pieter.wouters", -20, "12:10", "Levering pleisters, naaldjes 25 G en mondstokjes. Oude pleisters teruggenomen. Tekort aan midazolam bij de groothandel: twee ampullen apart gehouden voor Frans.", seen: Seen.ByProfessionals);
        int[] lastPain = [3, 3, 4, 3, 4, 4, 5, 4, 5, 3];
        for (var i = 0; i < lastPain.Length; i++)
            c.Pain(i % 2 == 0 ? "bram.goossens" : "veerle.nijs", -10 + i, "10:15", lastPain[i]);
        c.Note("veerle.nijs", -4, "15:30", "Slaapt 18 uur per dag, drinkt kleine slokjes. Mondzorg met Greet gedaan, ananasijs lukt nog. Verwacht weken, eerder kort dan lang. Met Greet uitgesproken, zij wist het.", seen: Seen.ByProfessionals);
        c.Note("bram.goossens", -3, "10:40", "Stuit rood, wegdrukbaar. Wisselhouding om de 3 uur, kussen tussen de knieën. Alternerende matras aangevraagd bij het ziekenfonds.");
        var q = c.Ask("greet", -2, "23:10", "Hij plukt aan het laken en roept op zijn moeder. Is dat pijn?", "veerle.nijs", -1, "9:00");
        c.Answer(q, "veerle.nijs", -2, "23:25", "Ik belde u net: waarschijnlijk onrust, geen pijn. De helft van een gele spuit mag. Ik kom om 8 uur.");
        c.Answer(q, "greet", -1, "0:10", "Hij slaapt nu. Dank u.");
        c.HomeVisit("karel.janssens", -1, "12:30", "13:05", "Huisbezoek huisarts");
        c.Prescribe("karel.janssens", -1, "13:10", "Fentanyl pleister 37,5 µg/uur", "N02AB03", "om de 72 uur (was 25 µg/uur)", "Pijn 5 bij verzorging. Doorbraak: morfine 7,5 mg onderhuids.");
        c.Note("karel.janssens", -1, "13:15", "Comfortabel na 7,5 mg morfine. Wie van wacht is krijgt de zorgplanning vanavond. Pillen die niets meer doen gestopt: enkel comfort blijft.", mention: "bram.goossens");
        c.Pain("bram.goossens", 0, "7:05", 3, "Na verhogen van de pleister. Rustige nacht volgens Tim.");
        c.Ask("tim", 0, "7:40", "Mag ik papa straks buiten zetten bij de duiven, met bed en al? Het is droog.", "bram.goossens", 0, "11:00");

        c.Task("veerle.nijs", -3, "16:00", "bram.goossens", "Alternerende matras laten plaatsen", 1, "17:00", "in-progress");
        c.Task("karel.janssens", -1, "13:20", "pieter.wouters", "Fentanyl 37,5 leveren vóór de avond", -1, "18:00", doneDay: -1, doneAt: "16:25");
        c.Task("hanne.wuyts", -10, "10:00", "hanne.wuyts", "Nachtwaak regelen voor het weekend", 2, "16:00", "in-progress");
        c.Appointment("veerle.nijs", 0, "14:00", "15:00", "Palliatieve thuiszorg");
        c.Appointment("bram.goossens", 1, "10:00", "10:45", "Thuisverpleging: verzorging en pleister");

        c.LastLooked("karel.janssens", -1, "13:20");
        c.LastLooked("bram.goossens", -1, "10:30");
        c.LastLooked("pieter.wouters", -1, "16:30");
        c.LastLooked("hanne.wuyts", -4, "10:00");
        return c.Finish();
    }
}
