using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>The table that comes with the program, and what every table must hold.</summary>
public sealed class SharingRulesTests
{
    private const InformationCategory Coordination = InformationCategory.Administrative | InformationCategory.TeamAndAgenda | InformationCategory.Tasks;
    private const InformationCategory CaregiverView = Coordination | InformationCategory.Goals | InformationCategory.Notes | InformationCategory.Measurements | InformationCategory.Medication;
    private const InformationCategory Clinical = InformationCategory.All & ~(InformationCategory.MentalHealth | InformationCategory.SexualHealth);

    /// <summary>What the portal decided before there was a table, written out; never changed with it. One thing did: a case manager reads what a coordination view says, and no entry.</summary>
    private static (Audience Audience, InformationCategory Reads, bool Writes, bool Pins, bool HandsOff, bool ReadsLog, bool Reveals) Frozen(Discipline role) => role switch
    {
        Discipline.GeneralPractitioner or Discipline.Specialist or Discipline.HomeNurse or Discipline.HospitalNurse => (Audience.Professionals, InformationCategory.All, true, true, true, false, true),
        Discipline.Psychologist or Discipline.SocialWorker => (Audience.Professionals, Clinical | InformationCategory.MentalHealth, true, true, true, false, true),
        Discipline.Pharmacist or Discipline.Physiotherapist or Discipline.Dietician or Discipline.OccupationalTherapist or Discipline.OtherClinician => (Audience.Professionals, Clinical, true, true, true, false, true),
        Discipline.HomeCareAide or Discipline.InformalCaregiver => (Audience.CaregiverCircle, CaregiverView, true, false, false, false, false),
        Discipline.Patient => (Audience.Patient, InformationCategory.All, true, true, false, true, true),
        Discipline.CaseManager => (Audience.Coordination, Coordination, false, false, false, false, false),
        _ => (Audience.None, InformationCategory.None, false, false, false, false, false),
    };

    [Fact]
    public void Version_1_decides_as_the_portal_did_before_there_was_a_table()
    {
        foreach (var role in Enum.GetValues<Discipline>())
        {
            foreach (var line in Enum.GetValues<CareLine>())
            {
                var (audience, reads, writes, pins, handsOff, readsLog, reveals) = Frozen(role);
                Assert.Equal(new Reach(audience, reads), Ward.Rules.ReachOf(role, line));
                Assert.Equal(writes, Ward.Rules.May(role, line, CareAction.Write));
                Assert.Equal(writes, Ward.Rules.May(role, line, CareAction.DoTasks));
                Assert.Equal(pins, Ward.Rules.May(role, line, CareAction.Pin));
                Assert.Equal(handsOff, Ward.Rules.May(role, line, CareAction.HandOff));
                Assert.Equal(handsOff, Ward.Rules.May(role, line, CareAction.ManageTeam));
                Assert.Equal(handsOff, SharingRules.AnswersForCare(role));
                Assert.Equal(readsLog, Ward.Rules.May(role, line, CareAction.ReadAccessLog));
                Assert.Equal(reveals, Ward.Rules.May(role, line, CareAction.RevealNationalNumber));
                Assert.Equal(audience != Audience.None, Ward.Rules.May(role, line, CareAction.Read));
                foreach (var category in RuleDocuments.List(InformationCategory.All))
                    Assert.Equal(writes, Ward.Rules.MayWrite(role, line, category));
            }
        }
    }

    [Fact]
    public void A_refusal_names_the_line_and_the_category_of_the_table()
    {
        Assert.Equal(new RuleCitation("3.5", 1), Ward.Rules.Cite(Discipline.HomeNurse, CareLine.First, CareAction.Write, InformationCategory.Notes));
        Assert.Equal(new RuleCitation("12.3", 1), Ward.Rules.Cite(Discipline.InformalCaregiver, CareLine.Home, CareAction.HandOff));
        Assert.Equal(new RuleCitation("13.2", 1), Ward.Rules.Cite(Discipline.Patient, CareLine.Home, CareAction.ManageTeam));
        Assert.Equal(new RuleCitation(null, 1), Ward.Rules.Cite(Discipline.GovernanceOfficer, CareLine.Support, CareAction.Write, InformationCategory.Notes));
        Assert.Equal(new RuleCitation(null, 1), Ward.Rules.Cite(Discipline.InformalCaregiver, CareLine.Home, CareAction.Pin)); // not in the table: it belongs to the kind of role
    }

    [Fact]
    public void A_line_for_one_care_line_goes_before_the_line_for_any()
    {
        var table = RuleDocuments.Parse(RuleDocuments.First());
        var hospital = new SharingRules(2, table with { Lines = table.Lines.Add(new RuleLine(20, Discipline.Pharmacist, CareLine.Second, InformationCategory.All, InformationCategory.All, default, default)) });
        Assert.Equal(InformationCategory.All, hospital.ReachOf(Discipline.Pharmacist, CareLine.Second).Categories);
        Assert.Equal(Clinical, hospital.ReachOf(Discipline.Pharmacist, CareLine.First).Categories);
        Assert.Equal("20.5", hospital.Cite(Discipline.Pharmacist, CareLine.Second, CareAction.Write, InformationCategory.Notes).Rule);
    }

    [Fact]
    public void A_table_is_written_as_it_is_read()
    {
        var table = RuleDocuments.Parse(RuleDocuments.First());
        Assert.Equal<IEnumerable<RuleLine>>(table.Lines, RuleDocuments.Parse(RuleDocuments.Write(table)).Lines);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"lines":[{"number":1,"role":"Wizard","careLine":"any","read":[]}]}""")]
    [InlineData("""{"lines":[{"number":1,"role":"Patient","careLine":"7","read":[]}]}""")]
    [InlineData("""{"lines":[{"number":1,"role":"Patient","careLine":"any","read":[],"extra":1}]}""")]
    public void What_is_no_table_is_refused(string json) => Assert.Throws<RuleDocumentException>(() => RuleDocuments.Parse(json));

    [Fact]
    public void Who_can_be_accountable_keeps_seeing_the_tasks_and_nobody_without_files_is_given_any()
    {
        var table = RuleDocuments.Parse(RuleDocuments.First());
        void Refused(Func<RuleLine, RuleLine> change, Discipline role) => Assert.Throws<RuleDocumentException>(() => RuleDocuments.Check(table with { Lines = [.. table.Lines.Select(l => l.Role == role ? change(l) : l)] }));
        Refused(l => l with { Read = l.Read & ~InformationCategory.Tasks }, Discipline.HomeNurse);
        Refused(l => l with { Write = l.Write & ~InformationCategory.Tasks }, Discipline.GeneralPractitioner);
        Refused(l => l with { HandOff = InformationCategory.Tasks }, Discipline.InformalCaregiver);
        Refused(l => l with { Role = Discipline.GovernanceOfficer }, Discipline.CaseManager);
        Refused(l => l with { Write = InformationCategory.Notes }, Discipline.CaseManager);
        Refused(l => l with { Number = 1 }, Discipline.CaseManager);
        Assert.Throws<RuleDocumentException>(() => RuleDocuments.Check(table with { Lines = table.Lines.RemoveAll(l => l.Role == Discipline.HomeNurse) }));
    }
}
