using CareTeamPortal.Tests.Tasks;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Rules;

/// <summary>What the simulators show is what people really see: for every role and care line, over every category and audience.</summary>
public sealed class ViewAsTests
{
    private static readonly IReadOnlyList<Discipline> AllRoles = [.. Enum.GetValues<Discipline>().Where(d => d != Discipline.Patient)];

    /// <summary>Somebody in each role on each care line, all on the team, and an entry of every category for every audience.</summary>
    private static async Task<(Ward Ward, List<PersonRow> People)> EverythingAsync()
    {
        var people = (from role in AllRoles
                      from line in Enum.GetValues<CareLine>()
                      select new PersonRow { Id = new($"{role}.{line}".ToLowerInvariant()), DisplayName = $"{role} {line}", Discipline = role, Line = line, RoleTitle = "rol", FhirType = "Practitioner" }).ToList();
        var ward = await Officers.SeededAsync();
        await ward.People.KeepAsync([.. people, Who.MariaHerself], CancellationToken.None);
        await ward.AddAsync(A.Patient().WithTeam([Who.Karel, .. people, Who.MariaHerself]));
        foreach (var entry in ModelFile.Entries)
            await ward.NoteAsync(Who.Karel, ward.Maria, $"{entry.Category}/{(int)entry.Audience}");
        await ward.Database.WriteAsync((session, _) =>
        {
            foreach (var entry in ModelFile.Entries)
                session.Sql("UPDATE \"TimelineEntries\" SET \"Category\" = @p1, \"Audience\" = @p2 WHERE \"Text\" = @p0").With($"{entry.Category}/{(int)entry.Audience}", (int)entry.Category, (int)entry.Audience).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        return (ward, people);
    }

    private static async Task<List<string?>> ReallySeesAsync(Ward ward, PersonRow who)
    {
        try
        {
            return [.. (await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, new(Count: 200))).Entries.Select(e => e.Text).Order(StringComparer.Ordinal)];
        }
        catch (PatientNotFound)
        {
            return [];
        }
    }

    private static List<string?> ModelShows(SharingRules rules, PersonRow who) =>
        [.. ModelFile.Entries.Where(e => ModelFile.Look(rules, who.Discipline, who.Line, e).Shown).Select(e => (string?)$"{e.Category}/{(int)e.Audience}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_model_file_shows_each_role_what_it_really_sees_before_and_after_a_publication()
    {
        var (ward, people) = await EverythingAsync();
        await using var _ = ward;
        var changed = Officers.First.Without(Discipline.HomeNurse, InformationCategory.Measurements).With(Discipline.HomeCareAide, InformationCategory.Documents);
        changed = changed with { Lines = changed.Lines.Add(new(20, Discipline.Pharmacist, CareLine.Second, InformationCategory.All, InformationCategory.All, 0, 0)) };
        foreach (var table in new[] { Officers.First, changed })
        {
            var number = table == changed ? await ward.PublishAsync(table) : 1;
            var rules = new SharingRules(number, table);
            foreach (var who in people)
                Assert.Equal(await ReallySeesAsync(ward, who), ModelShows(rules, who));
        }
    }

    [Fact]
    public async Task A_patient_looking_as_somebody_sees_what_both_may_see_and_by_the_right_of_the_other()
    {
        var (ward, people) = await EverythingAsync();
        await using var _ = ward;
        var view = ward.Get<ViewFileAs>();
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.Social));
        var own = await ReallySeesAsync(ward, Who.MariaHerself);
        foreach (var who in people)
        {
            var seen = Assert.IsType<ViewFileAs.Seen>(await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(who.Id, Count: 200)));
            var theirs = await ReallySeesAsync(ward, who);
            Assert.Equal(theirs.Intersect(own), seen.Entries.Select(e => e.Text).Order(StringComparer.Ordinal));
            Assert.Equal(await ward.Desk.ReachAsync(who.Actor(), ward.Maria, CancellationToken.None), seen.Reach);
            Assert.All(seen.Entries, e => Assert.False(e.IsOwn || e.AnswerCount > 0));
            Assert.Equal((await ListsAsync(ward, who)).Intersect(await ListsAsync(ward, Who.MariaHerself)).Order(StringComparer.Ordinal), ListsOf(seen));
            if (who.Discipline == Discipline.HomeNurse)
                Assert.True(seen.Categories.Single(c => c.Category == InformationCategory.Social).ClosedByPatient);
            var role = await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(null, who.Discipline, who.Line, Count: 200));
            if (who.Discipline.Kind() != RoleKind.None)
                Assert.Equal(seen.Entries.Select(e => e.Seq), Assert.IsType<ViewFileAs.Seen>(role).Entries.Select(e => e.Seq));
            else
                Assert.IsType<ViewFileAs.NotOnTheTeam>(role);
        }
    }

    /// <summary>What somebody's own pages of tasks, hand-offs and measurements list.</summary>
    private static async Task<List<string>> ListsAsync(Ward ward, PersonRow who)
    {
        var found = new List<string>();
        if ((await ward.Desk.ReachAsync(who.Actor(), ward.Maria, CancellationToken.None)).IsEmpty)
            return found; // the file is closed to them
        foreach (var handoffs in new[] { false, true })
        {
            var read = await ward.RunAsync(ward.Get<ReadTasks>(), who, ward.Maria, new(handoffs));
            found.AddRange((handoffs ? read.Open.Concat(read.Closed) : read.Open).Select(t => $"{(handoffs ? "handoff" : "task")} {t.Id}"));
        }

        var measured = (await ward.RunAsync(ward.Get<ReadMeasurements>(), who, ward.Maria, new ReadMeasurements.Request(MeasurementRange.All)))!;
        found.AddRange(measured.Series.Select(s => $"quantity {s.Name}").Concat(measured.Quiet.Select(q => $"quantity {q.Name}")));
        return found;
    }

    private static List<string> ListsOf(ViewFileAs.Seen seen) =>
        [.. seen.Tasks.Select(t => $"task {t.Id}").Concat(seen.Handoffs.Select(t => $"handoff {t.Id}")).Concat(seen.Measured.Select(q => $"quantity {q.Name}")).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_look_covers_tasks_measurements_and_hand_offs_and_a_named_proxy_looks_too()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "voor iedereen"));
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "onder ons") with { Audience = Audience.Professionals });
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "beschermd") with { Protection = InformationCategory.MentalHealth });
        await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Karel, ward.Maria, new OfferHandoff.Request { Id = Guid.NewGuid().ToString(), Title = "wondzorg", Receiver = TaskParty.Of(Who.Nadia), Audience = Audience.WholeTeam, Content = new HandoffContent { Scope = "wondzorg", Summary = "zo" } });
        foreach (var (line, audience) in new[] { ("p72", Audience.WholeTeam), ("g78,4", Audience.Professionals), ("bd 130/80", Audience.ProfessionalsAndPatient) })
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse(line).Measurements], null, audience));
        async Task<ViewFileAs.Seen> LookAsync(PersonRow who, PersonRow through) => Assert.IsType<ViewFileAs.Seen>(await ward.RunAsync(ward.Get<ViewFileAs>(), who, ward.Maria, new(through.Id)));
        foreach (var through in new[] { Who.Sofie, Who.Pieter, Who.An, Who.Fatima })
            Assert.Equal((await ListsAsync(ward, through)).Intersect(await ListsAsync(ward, Who.MariaHerself)).Order(StringComparer.Ordinal), ListsOf(await LookAsync(Who.MariaHerself, through)));
        Assert.Contains("wondzorg", (await LookAsync(Who.MariaHerself, Who.Sofie)).Handoffs.Select(h => h.Title));
        Assert.Equal(["voor iedereen"], (await LookAsync(Who.MariaHerself, Who.Pieter)).Tasks.Select(t => t.Title));

        await Assert.ThrowsAsync<ActionRefused>(() => LookAsync(Who.An, Who.Sofie));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Proxy, true, Person: Who.An.Id));
        Assert.Equal((await ListsAsync(ward, Who.Sofie)).Intersect(await ListsAsync(ward, Who.An)).Order(StringComparer.Ordinal), ListsOf(await LookAsync(Who.An, Who.Sofie)));
        var record = (await ward.RowsAsync("SELECT \"PersonId\", \"OnBehalfOf\" FROM \"AccessRecords\" WHERE \"What\" = 'view-as/sofie.maes' AND \"PersonId\" = 'an.desmedt'")).Single();
        Assert.Equal("maria.verhoeven", record[1]);
    }

    [Fact]
    public async Task The_care_lines_are_drawn_of_what_both_may_see_and_of_nothing_else()
    {
        async Task<string> DrawnAsync(bool hidden, PersonRow through)
        {
            await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
            async Task BothAsync(Audience audience, InformationCategory protection, string title)
            {
                await ward.NoteAsync(Who.Karel, ward.Maria, title, audience);
                await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Nadia, title) with { Audience = audience, Protection = protection, DueAt = ward.Clock.Utc.AddDays(1) });
                await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Karel, ward.Maria, new OfferHandoff.Request { Id = Guid.NewGuid().ToString(), Title = title, Receiver = TaskParty.Of(Who.Nadia), Audience = audience, Content = new HandoffContent { Scope = title, Summary = "zo", Tells = HandoffContent.DefaultTells | protection } });
                await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse(title == "open" ? "g78" : "g99").Measurements], null, audience));
            }

            await BothAsync(Audience.WholeTeam, InformationCategory.None, "open");
            if (hidden)
            {
                await BothAsync(Audience.Professionals, InformationCategory.None, "onder ons"); // the patient does not see it
                await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Nadia, "beschermd") with { Protection = InformationCategory.MentalHealth, DueAt = ward.Clock.Utc.AddDays(1) }); // the pharmacist does not
            }

            var seen = Assert.IsType<ViewFileAs.Seen>(await ward.RunAsync(ward.Get<ViewFileAs>(), Who.MariaHerself, ward.Maria, new(through.Id, Lanes: new(LanesZoom.Month))));
            var drawn = seen.Lanes!;
            return string.Join("; ", drawn.Entries.Select(e => $"{e.Kind} {e.Line} {e.Count} {e.Title}").Concat(drawn.Tasks.Select(t => $"{t.Line} {t.Count} {t.Title}")).Concat(drawn.Handoffs.Select(h => h.Title)).Concat(drawn.Series?.Points.Select(p => p.Shown) ?? []));
        }

        var open = await DrawnAsync(false, Who.Pieter);
        Assert.Contains("open", open, StringComparison.Ordinal);
        Assert.Contains("78", open, StringComparison.Ordinal);
        Assert.Equal(open, await DrawnAsync(true, Who.Pieter));
        Assert.Equal(open, await DrawnAsync(true, Who.Fatima));
        Assert.NotEqual(open, await DrawnAsync(true, Who.Sofie)); // a nurse reads the protected task, and so does the patient
    }

    [Fact]
    public async Task Pages_of_a_look_say_nothing_about_what_only_the_other_sees()
    {
        async Task<(List<string?> Texts, bool More)> LookAsync(bool hidden)
        {
            await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
            for (var i = 0; i < 12; i++)
            {
                ward.Clock.Advance(TimeSpan.FromMinutes(1));
                if (hidden)
                    await ward.WriteAsync(Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = "onder ons", Audience = Audience.Professionals });
                await ward.NoteAsync(Who.Karel, ward.Maria, $"nota {i}");
            }

            var seen = Assert.IsType<ViewFileAs.Seen>(await ward.RunAsync(ward.Get<ViewFileAs>(), Who.MariaHerself, ward.Maria, new(Who.Sofie.Id, Count: 10)));
            return ([.. seen.Entries.Select(e => e.Text)], seen.HasMore);
        }

        var (with, without) = (await LookAsync(true), await LookAsync(false));
        Assert.Equal(without.Texts, with.Texts);
        Assert.Equal((true, true), (with.More, without.More));
    }

    [Fact]
    public async Task A_look_is_written_down_as_who_looked_as_whom_once_and_nobody_else_is_in_the_record()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        var view = ward.Get<ViewFileAs>();
        await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(Who.Sofie.Id));
        await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(Who.Sofie.Id)); // the page reads again when something is written
        var records = new List<(string Who, string? What)>();
        using (var session = await ward.Database.RentAsync(CancellationToken.None))
        using (var reader = session.Sql("SELECT \"PersonId\", \"What\" FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\"").With(ward.Maria.Value).Read())
        {
            while (reader.Read())
                records.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
        }

        Assert.Single(records, ("maria.verhoeven", "view-as/sofie.maes"));
        Assert.DoesNotContain(records, r => r.Who == "sofie.maes");
        var looks = (await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new()))!.Looks;
        var look = Assert.Single(looks, l => l.Through is not null);
        Assert.Equal((AccessKind.Opened, "Sofie Maes"), (look.Kind, look.Through));
        Assert.Contains("Sofie Maes", AccessWords.What(look), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_patient_looks_and_only_as_somebody_of_the_team()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        var view = ward.Get<ViewFileAs>();
        foreach (var who in new[] { Who.Karel, Who.Sofie, Who.An, Who.Fatima })
            await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(view, who, ward.Maria, new(Who.Sofie.Id)));
        foreach (var who in new[] { Who.Piet, Officers.Wim, Who.Els, Who.Ilse })
            await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(view, who, ward.Maria, new(Who.Sofie.Id)));
        foreach (var id in new[] { "els.peeters", "niemand", "piet.claeys" })
            Assert.IsType<ViewFileAs.NotOnTheTeam>(await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(new PersonId(id))));
        Assert.IsType<ViewFileAs.NotOnTheTeam>(await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(null, Discipline.GovernanceOfficer)));
        Assert.IsType<ViewFileAs.NotOnTheTeam>(await ward.RunAsync(view, Who.MariaHerself, ward.Maria, new(null)));
    }
}
