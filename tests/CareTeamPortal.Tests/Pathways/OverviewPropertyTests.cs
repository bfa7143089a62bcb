using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>The overview's SQL against the same said plainly over random worlds; and that it holds nothing for who has no part in it.</summary>
public sealed class OverviewPropertyTests(ITestOutputHelper output)
{
    private static readonly PersonRow[] Viewers = [Who.Karel, Who.Sofie, Who.Pieter, Who.Ilse];

    private sealed record Membership(PatientId Patient, PersonRow Person, RelationKind Kind, InformationCategory Allows, DateTime Since, DateTime? Until, DateTime AllowsUntil);

    private sealed record World(List<(PatientId Id, bool Deceased)> Patients, List<Membership> Members, List<PathwayRow> Pathways, List<PathwayPhaseRow> Phases, List<PathwayStepRow> Steps, List<PathwayDeviationRow> Deviations);

    [Fact]
    public async Task The_overview_says_what_a_plain_reading_of_every_row_says()
    {
        var dice = new Dice(output);
        for (var round = 0; round < 12; round++)
        {
            await using var ward = await Ward.OpenAsync();
            var world = await FillAsync(ward, dice);
            foreach (var viewer in Viewers)
            {
                var view = await ward.Get<ReadPathwayOverview>().RunAsync(viewer.Actor(), CancellationToken.None);
                var expected = Plainly(world, viewer, ward.Clock.Utc);
                Assert.Equal(expected.Lines, view!.Lines.Select(Line).Order(StringComparer.Ordinal));
                Assert.Equal((expected.Lines.Count, expected.Slipping), (view.Total, view.Slipping));
                Assert.Equal(expected.Phases, view.Lines.GroupBy(l => l.PhaseNumber).OrderBy(g => g.Key).Select(g => (g.Key, g.Count())));
                Assert.Equal(expected.Deviations, view.Deviations.OrderBy(d => d.Reason).Select(d => (d.Reason, d.Count)));
                Assert.Equal(expected.Times, view.Times.Select(t => $"{t.Template} {t.Number} {t.Phase}: {t.Count} {t.Median:0.000} {t.Least:0.000} {t.Most:0.000}").Order(StringComparer.Ordinal));
                Assert.Equal(viewer == Who.Ilse, view.Coordination);
            }
        }
    }

    [Fact]
    public async Task Who_has_no_file_or_no_part_in_care_has_no_overview()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.OpenAsync();
        await FillAsync(ward, dice);
        var empty = await ward.Get<ReadPathwayOverview>().RunAsync(Who.Bram.Actor(), CancellationToken.None);
        Assert.Equal((0, 0, 0, 0), (empty!.Lines.Count, empty.Total, empty.Times.Count, empty.Deviations.Count));
        foreach (var who in new[] { Who.An, Who.MariaHerself, Who.Fatima, Who.Piet })
            Assert.Null(await ward.Get<ReadPathwayOverview>().RunAsync(who.Actor(), CancellationToken.None));
    }

    [Fact]
    public async Task A_professional_who_is_the_patient_sees_of_the_own_pathway_what_the_patient_sees()
    {
        await using var ward = await Ward.WithAsync(A.Patient("tom").WithTeam(Who.Karel, Who.Tom));
        await ward.Database.WriteAsync((session, _) =>
        {
            session.Sql("UPDATE \"People\" SET \"OwnFile\" = 'tom' WHERE \"Id\" = 'tom.lenaerts'").Run();
            var (p, phases) = Pathway(new("tom"), "eigen", 0, ward.Clock.Utc.AddDays(-30), Audience.WholeTeam, InformationCategory.Goals);
            PathwaySql.Put(session, p, phases);
            PathwaySql.PutPart(session, p.PatientId, p.Id, p.Id, [Step(p, "open", p.Id, 2, ward.Clock.Utc.AddDays(3), Audience.WholeTeam, InformationCategory.Goals)], []);
            PathwaySql.PutPart(session, p.PatientId, p.Id, p.Id + "-p", [Step(p, "onder ons", p.Id + "-p", 2, ward.Clock.Utc.AddDays(-3), Audience.Professionals, InformationCategory.Goals)], [Deviation(p, "d", p.Id + "-p", DeviationReason.Condition, Audience.Professionals, InformationCategory.Goals)]);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        await ward.People.RefreshAsync(CancellationToken.None);
        var actor = Who.Tom.Actor() with { OwnFile = new PatientId("tom") };
        var own = await ward.Get<ReadPathwayOverview>().RunAsync(actor, CancellationToken.None);
        Assert.Equal((false, 0, 0), (Assert.Single(own!.Lines).Slips, own.Lines[0].Deviations, own.Deviations.Count));
        var others = await ward.Get<ReadPathwayOverview>().RunAsync(Who.Karel.Actor(), CancellationToken.None);
        Assert.Equal((true, 1, 1), (Assert.Single(others!.Lines).Slips, others.Lines[0].Deviations, others.Deviations.Count));
    }

    [Fact]
    public async Task What_is_protected_counts_for_nobody_who_follows_coordination_and_what_is_for_professionals_counts_as_it_does_among_tasks()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Pieter));
        await ward.Database.WriteAsync((session, _) =>
        {
            CareStore.Grant(session, ward.Maria, Who.Ilse.Id, null, ward.Clock.Utc, null, "test", ward.Clock.Utc, RelationKind.FollowUp);
            var (p, phases) = Pathway(ward.Maria, "hart", 0, ward.Clock.Utc.AddDays(-30), Audience.WholeTeam, InformationCategory.Goals);
            PathwaySql.Put(session, p, phases);
            PathwaySql.PutPart(session, p.PatientId, p.Id, p.Id, [Step(p, "open", p.Id, 2, ward.Clock.Utc.AddDays(3), Audience.WholeTeam, InformationCategory.Goals)], [Deviation(p, "a", p.Id, DeviationReason.Other, Audience.WholeTeam, InformationCategory.Goals)]);
            PathwaySql.PutPart(session, p.PatientId, p.Id, "psy", [Step(p, "psy", "psy", 2, ward.Clock.Utc.AddDays(-9), Audience.WholeTeam, InformationCategory.MentalHealth)], [Deviation(p, "b", "psy", DeviationReason.Condition, Audience.WholeTeam, InformationCategory.MentalHealth)]);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        async Task<(bool, int)> SeenAsync(PersonRow who) => (await ward.Get<ReadPathwayOverview>().RunAsync(who.Actor(), CancellationToken.None))!.Lines is [var line] ? (line.Slips, line.Deviations) : default;
        Assert.Equal((false, 1), await SeenAsync(Who.Ilse));
        Assert.Equal((false, 1), await SeenAsync(Who.Pieter));
        Assert.Equal((false, 2), await SeenAsync(Who.Karel));
        await ward.Database.WriteAsync((session, _) =>
        {
            var p = Pathway(ward.Maria, "hart", 0, ward.Clock.Utc.AddDays(-30), Audience.WholeTeam, InformationCategory.Goals).Row;
            PathwaySql.PutPart(session, p.PatientId, p.Id, p.Id + "-p", [Step(p, "onder ons", p.Id + "-p", 2, ward.Clock.Utc.AddDays(-3), Audience.Professionals, InformationCategory.Goals)], [Deviation(p, "c", p.Id + "-p", DeviationReason.Condition, Audience.Professionals, InformationCategory.Goals)]);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        Assert.Equal((true, 2), await SeenAsync(Who.Ilse));
    }

    // ---- the plain reference -----------------------------------------------------------------------------------------

    private static string Line(OverviewLine l) => $"{l.Patient} {l.Id} {l.Title ?? "-"} {l.PhaseNumber}/{l.PhaseCount} {l.StartedAt:O} {l.PhaseSince:O} {l.SlipsSince:O} {l.Deviations}";

    private static (List<string> Lines, int Slipping, List<(int, int)> Phases, List<(DeviationReason, int)> Deviations, List<string> Times) Plainly(World world, PersonRow viewer, DateTime now)
    {
        var coordination = viewer == Who.Ilse;
        var reach = Ward.Rules.ReachAcross(viewer.Actor()).Elsewhere;
        var grants = world.Members.Where(m => m.Person == viewer && m.Since <= now && (m.Until is not { } until || until > now) && m.AllowsUntil > now && m.Allows != 0).ToList();
        bool Sees(PatientId patient, Audience audience, InformationCategory category) => coordination
            ? category == InformationCategory.Goals && audience.HasFlag(Audience.Professionals) && grants.Exists(m => m.Patient == patient && m.Kind == RelationKind.FollowUp && m.Allows.HasFlag(InformationCategory.Administrative) && m.Allows.HasFlag(InformationCategory.Tasks))
            : reach.Sees(audience, category) && grants.Exists(m => m.Patient == patient && (m.Allows & category) != 0);
        var seen = world.Pathways.Where(p => Sees(p.PatientId, p.Audience, p.Category)).ToList();
        var running = seen.Where(p => p.Status == (int)PathwayStatus.Active && !world.Patients.Single(x => x.Id == p.PatientId).Deceased).ToList();
        DateTime? SlipOf(PathwayRow p)
        {
            var late = world.Steps.Where(s => s.PathwayId == p.Id && s.Category == p.Category && !s.IsOptional && (StepKind)s.Kind is not (StepKind.Measuring or StepKind.Information) && (StepState)s.State is StepState.Planned or StepState.Waiting or StepState.Open or StepState.Refused)
                .Where(s => s.Category == p.Category && !s.IsOptional && (StepKind)s.Kind is not (StepKind.Measuring or StepKind.Information)).Select(s => (DateTime?)s.DueAt).Min();
            return new[] { late, p.PhaseUntil }.Where(at => at < now).Min();
        }

        int Otherwise(PathwayRow p) => world.Deviations.Count(d => d.PathwayId == p.Id && Sees(d.PatientId, d.Audience, d.Category));
        var days = world.Phases.Where(f => f is { EnteredAt: not null, LeftAt: not null } && seen.Exists(p => p.Id == f.PathwayId && p.Status != (int)PathwayStatus.Mistaken))
            .Select(f => (seen.Single(p => p.Id == f.PathwayId).Template, f.Number, f.Phase, Days: Math.Max(0, (f.LeftAt!.Value - f.EnteredAt!.Value).TotalDays)));
        return ([.. running.Select(p => $"{p.PatientId} {p.Id} {(coordination ? "-" : p.Title)} {p.PhaseNumber}/{p.PhaseCount} {p.StartedAt:O} {p.PhaseSince:O} {SlipOf(p):O} {Otherwise(p)}").Order(StringComparer.Ordinal)],
            running.Count(p => SlipOf(p) is not null),
            [.. running.GroupBy(p => p.PhaseNumber).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()))],
            coordination ? [] : [.. seen.Where(p => p.Status == (int)PathwayStatus.Active).SelectMany(p => world.Deviations.Where(d => d.PathwayId == p.Id && Sees(d.PatientId, d.Audience, d.Category))).GroupBy(d => (DeviationReason)d.Reason).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()))],
            coordination ? [] : [.. days.GroupBy(d => (d.Template, d.Number, d.Phase)).Select(g =>
            {
                var order = g.Select(d => d.Days).Order().ToList();
                var median = order.Count % 2 == 1 ? order[order.Count / 2] : (order[order.Count / 2 - 1] + order[order.Count / 2]) / 2;
                return $"{g.Key.Template} {g.Key.Number} {g.Key.Phase}: {order.Count} {median:0.000} {order[0]:0.000} {order[^1]:0.000}";
            }).Order(StringComparer.Ordinal)]);
    }

    // ---- random worlds -----------------------------------------------------------------------------------------------

    private static async Task<World> FillAsync(Ward ward, Dice dice)
    {
        var now = ward.Clock.Utc;
        var world = new World([], [], [], [], [], []);
        for (var i = 0; i < 6; i++)
            world.Patients.Add((await ward.AddAsync(A.Patient($"p{i}")), dice.OneIn(6)));
        InformationCategory[] categories = [InformationCategory.Goals, InformationCategory.Goals, InformationCategory.Goals, InformationCategory.MentalHealth, InformationCategory.SexualHealth];
        Audience[] audiences = [Audience.WholeTeam, Audience.WholeTeam, Audience.Professionals, Audience.ProfessionalsAndPatient];
        await ward.Database.WriteAsync((session, _) =>
        {
            // The database may run it again.
            world.Members.Clear();
            world.Pathways.Clear();
            world.Phases.Clear();
            world.Steps.Clear();
            world.Deviations.Clear();
            foreach (var (patient, deceased) in world.Patients)
            {
                session.Sql("UPDATE \"Patients\" SET \"Deceased\" = @p1 WHERE \"Id\" = @p0").With(patient.Value, deceased ? 1 : 0).Run();
                foreach (var viewer in Viewers)
                {
                    for (var n = dice.Next(3); n > 0; n--)
                    {
                        var m = new Membership(patient, viewer, viewer == Who.Ilse && !dice.OneIn(4) ? RelationKind.FollowUp : dice.OneIn(6) ? RelationKind.BreakGlass : RelationKind.CareAgreement, (InformationCategory)dice.Next(1 << 13) | (dice.OneIn(3) ? InformationCategory.None : InformationCategory.Administrative | InformationCategory.Tasks | InformationCategory.Goals),
                            now.AddDays(dice.Next(30) - 25), dice.OneIn(3) ? now.AddDays(dice.Next(20) - 8) : null, dice.OneIn(6) ? now.AddMinutes(-1) : Consents.Never);
                        world.Members.Add(m);
                        session.Sql("INSERT INTO \"CareTeamMembers\" (\"PatientId\", \"PersonId\", \"Since\", \"GrantReason\", \"Kind\", \"Until\", \"Allows\", \"AllowsUntil\", \"EndSettled\") VALUES (@p0, @p1, @p2, 'test', @p3, @p4, @p5, @p6, 0)")
                            .With(patient.Value, viewer.Id.Value, m.Since.Ticks, (int)m.Kind, m.Until?.Ticks, (int)m.Allows, m.AllowsUntil.Ticks).Run();
                    }
                }

                for (var n = 1 + dice.Next(3); n > 0; n--)
                {
                    var (p, phases) = Pathway(patient, $"{patient}-{n}", dice.Next(4), now.AddDays(-1 - dice.Next(60)), dice.Of(audiences), dice.Of(categories), "sjabloon" + dice.Next(3), dice);
                    PathwaySql.Put(session, p, phases);
                    world.Pathways.Add(p);
                    world.Phases.AddRange(phases);
                    foreach (var part in new[] { p.Id, p.Id + "-p", p.Id + "-x" }.Take(1 + dice.Next(3)))
                    {
                        var (audience, category) = part == p.Id ? (p.Audience, p.Category) : (dice.Of(audiences), dice.Of(categories));
                        List<PathwayStepRow> steps = [.. Enumerable.Range(0, dice.Next(6)).Select(i => Step(p, $"{part}-{i}", part, dice.Next(8), now.AddHours(dice.Next(400) - 250), audience, category, dice))];
                        List<PathwayDeviationRow> deviations = [.. Enumerable.Range(0, dice.Next(4)).Select(i => Deviation(p, $"{part}-{i}", part, (DeviationReason)dice.Next(Enum.GetValues<DeviationReason>().Length), audience, category))];
                        PathwaySql.PutPart(session, patient, p.Id, part, steps, deviations);
                        world.Steps.AddRange(steps);
                        world.Deviations.AddRange(deviations);
                    }
                }
            }

            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        return world;
    }

    private static (PathwayRow Row, List<PathwayPhaseRow> Phases) Pathway(PatientId patient, string id, int status, DateTime started, Audience audience, InformationCategory category, string template = "sjabloon", Dice? dice = null)
    {
        var phase = 1 + (dice?.Next(4) ?? 0);
        var row = new PathwayRow
        {
            PatientId = patient, Id = id, Version = 1, Template = template, TemplateVersion = 1, Title = "Zorgpad " + id, Status = status, Phase = "f" + phase, PhaseNumber = phase, PhaseCount = 4, PhaseSince = started.AddDays(1),
            PhaseUntil = dice is null || dice.OneIn(2) ? null : started.AddDays(dice.Next(80)), StartedAt = started, Audience = audience, Category = category,
        };
        return (row, [.. Enumerable.Range(1, 4).Select(n => new PathwayPhaseRow
        {
            PatientId = patient, PathwayId = id, Phase = "f" + n, Number = n, PlannedFrom = started, EnteredAt = n <= phase ? started.AddDays(n) : null, LeftAt = n < phase ? started.AddDays(n).AddHours(dice?.Next(300) ?? 1) : null, ByCriteria = true, Audience = audience, Category = category,
        })]);
    }

    private static PathwayStepRow Step(PathwayRow p, string id, string part, int state, DateTime due, Audience audience, InformationCategory category, Dice? dice = null) => new()
    {
        PatientId = p.PatientId, PathwayId = p.Id, StepId = id, Part = part, Phase = "f1", Position = 0, Kind = dice?.Next(5) ?? 0, IsOptional = dice?.OneIn(4) ?? false, Repeats = false, PlannedAt = due, DueAt = due, State = state, Audience = audience, Category = category,
    };

    private static PathwayDeviationRow Deviation(PathwayRow p, string id, string part, DeviationReason reason, Audience audience, InformationCategory category) => new()
    {
        PatientId = p.PatientId, PathwayId = p.Id, Id = id, Part = part, Kind = 0, Reason = (int)reason, At = p.StartedAt, Audience = audience, Category = category,
    };
}
