using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Handoffs;

public sealed class HandoffLifeTests
{
    private static int _parts;

    /// <summary>An offer of a part of care of its own, so that two of them have nothing to do with each other.</summary>
    internal static OfferHandoff.Request Offer(TaskParty receiver, params CareTask[] tasks) => new()
    {
        Id = Guid.NewGuid().ToString(), Title = "Dagelijkse opvolging hartfalen, 14 dagen", Receiver = receiver,
        Content = new HandoffContent { Scope = $"Dagelijkse opvolging hartfalen {Interlocked.Increment(ref _parts)}", Summary = "Droog gewicht 77,0 kg.", Severity = IllnessSeverity.Watcher, Contingencies = [new("2 kg erbij in 3 dagen", "bel de hartfalenverpleegkundige")], Tasks = [.. tasks.Select(t => new TravellingTask(t.Id, t.Title, null))] },
    };

    internal static async Task<CareTask> OfferAsync(Ward ward, PersonRow who, OfferHandoff.Request request) =>
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<OfferHandoff>(), who, ward.Maria, request)).Task;

    private static Task<TaskResult> AcceptAsync(Ward ward, PersonRow who, string id, string readBack = "Elke dag wegen, bij 2 kg bel ik.") =>
        ward.RunAsync(ward.Get<AcceptHandoff>(), who, ward.Maria, new(id, readBack));

    [Fact]
    public async Task The_sender_is_accountable_until_the_receiver_reads_back_and_then_the_tasks_move_along()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Bloedname"));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie), task));
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);

        await ward.RunAsync(ward.Get<OpenHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id));
        await ward.RunAsync(ward.Get<AskClarification>(), Who.Sofie, ward.Maria, new(handoff.Id, "Welk streefgewicht?"));
        await ward.RunAsync(ward.Get<AnswerClarification>(), Who.Tom, ward.Maria, new(handoff.Id, "77,0 kg."));
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);

        var accepted = Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id)).Task;
        Assert.Equal((TaskState.InProgress, HandoffStatus.Accepted), (accepted.State, accepted.Business));
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Nadia, task.Id)).OwnerId);

        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Nadia, ward.Maria, new(handoff.Id)))!;
        Assert.Equal("Elke dag wegen, bij 2 kg bel ik.", read.Task.Handoff!.ReadBack);
        Assert.Equal("77,0 kg.", Assert.Single(read.Task.Handoff.Clarifications).Answer);
        Assert.Equal(4, read.Story.Count);
        // a part of care does not move the patient
        Assert.Equal(Who.Karel.Id.Value, (await ward.RowsAsync("SELECT AccountableId FROM Patients"))[0][0]);
    }

    [Fact]
    public async Task All_of_a_patients_care_moves_the_patient_and_the_coordinator()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var request = Offer(TaskParty.Of(Who.Nadia));
        var handoff = await OfferAsync(ward, Who.Karel, request with { Content = request.Content with { Scope = null, MovesCoordinator = true } });
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Nadia, handoff.Id));
        Assert.Equal([Who.Nadia.Id.Value, Who.Nadia.Id.Value], (await ward.RowsAsync("SELECT AccountableId, CoordinatorId FROM Patients"))[0]);
    }

    [Fact]
    public async Task Nobody_accepts_without_a_read_back_or_with_unread_news()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)));
        Assert.Equal(TaskRule.NeedsReadBack, Assert.IsType<TaskRefused>(await AcceptAsync(ward, Who.Sofie, handoff.Id, " ")).Rule);

        await ward.NoteAsync(Who.Nadia, ward.Maria, "Kalium 5,4.");
        Assert.Equal(TaskRule.UnseenNews, Assert.IsType<TaskRefused>(await AcceptAsync(ward, Who.Sofie, handoff.Id)).Rule);
        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id)))!;
        Assert.Single(read.News);
        Assert.True(await ward.RunAsync(ward.Get<AcknowledgeNews>(), Who.Sofie, ward.Maria, new(handoff.Id, read.NewsUpTo)));
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id));
    }

    [Fact]
    public async Task Two_who_accept_at_once_are_one_winner_and_one_who_learns_who()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Tom, Who.Sofie, Who.Bram));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")));
        await using var other = await ward.AnotherNodeAsync();
        var results = await Task.WhenAll(AcceptAsync(ward, Who.Sofie, handoff.Id), AcceptAsync(other, Who.Bram, handoff.Id));
        Assert.Single(results.OfType<TaskDone>());
        Assert.Equal(results[0] is TaskDone ? Who.Sofie.DisplayName : Who.Bram.DisplayName, Assert.Single(results.OfType<TakenAlready>()).By);
    }

    [Fact]
    public async Task Nothing_is_handed_to_somebody_who_may_not_see_what_is_in_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var receiver in new[] { TaskParty.Of(Who.An), TaskParty.Of(Who.Fatima), TaskParty.Of(Who.Els), TaskParty.OfRole(Discipline.Psychologist, "psycholoog") })
            Assert.Equal(new TaskRefused(TaskRule.MayNotSee), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, Offer(receiver)));
        var mental = Offer(TaskParty.Of(Who.Pieter));
        mental = mental with { Content = mental.Content with { Tells = InformationCategory.MentalHealth } };
        Assert.Equal(new TaskRefused(TaskRule.MayNotSee), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, mental));
    }

    [Fact]
    public async Task A_declined_hand_off_goes_to_the_second_receiver()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var request = Offer(TaskParty.Of(Who.Sofie));
        var handoff = await OfferAsync(ward, Who.Tom, request with { Content = request.Content with { SecondReceiver = TaskParty.Of(Who.Karel) } });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<DeclineHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Ik ben volgende week met verlof.")));
        var open = Assert.Single((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Karel, ward.Maria, new(Handoffs: true))).Open);
        Assert.Equal((Who.Karel.Id, Who.Tom.Id), (open.OwnerId!.Value, open.AccountableId!.Value));
        Assert.True(open.MayTake);
    }

    [Fact]
    public async Task An_ignored_hand_off_escalates_once_and_stays_the_senders()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)) with { Urgent = true });
        ward.Clock.Advance(TimeSpan.FromHours(5));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        var view = await ward.TaskViewAsync(Who.Nadia, handoff.Id);
        Assert.True(view.IsEscalated);
        Assert.Equal(Who.Tom.Id, view.AccountableId);
        Assert.Single(await ward.PageAsync(Who.Nadia, ward.Maria), e => e.Title.StartsWith("Overdracht niet op tijd aanvaard", StringComparison.Ordinal));
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM Notices")); // who was asked, and (an hour later, urgent) who is accountable
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id));
    }

    [Fact]
    public async Task Only_who_is_accountable_hands_on_all_care_and_only_who_holds_a_part_hands_that_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var all = Offer(TaskParty.Of(Who.Sofie));
        Assert.Equal(new TaskRefused(TaskRule.NotAccountable), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, all with { Content = all.Content with { Scope = null } }));

        OfferHandoff.Request Part(TaskParty to) => Offer(to) is var offer ? offer with { Content = offer.Content with { Scope = "Wondzorg" } } : throw new InvalidOperationException();
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, (await OfferAsync(ward, Who.Tom, Part(TaskParty.Of(Who.Sofie)))).Id)); // nobody held it yet
        Assert.Equal(new TaskRefused(TaskRule.NotAccountable), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Tom, ward.Maria, Part(TaskParty.Of(Who.Nadia))));
        var on = await OfferAsync(ward, Who.Sofie, Part(TaskParty.Of(Who.Nadia)) is var p ? p with { Content = p.Content with { Scope = " wondzorg" } } : null!);
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Nadia, on.Id));
        var open = (await ward.RunAsync(ward.Get<ReadTasks>(), Who.Nadia, ward.Maria, new(Handoffs: true))).Open;
        Assert.Equal(Who.Nadia.Id, Assert.Single(open).OwnerId); // the first one ended: it was handed on
    }

    [Fact]
    public async Task Other_offers_of_the_same_part_are_taken_back_when_one_is_accepted()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var first = Offer(TaskParty.Of(Who.Sofie));
        var second = first with { Id = Guid.NewGuid().ToString(), Receiver = TaskParty.Of(Who.Nadia) };
        await OfferAsync(ward, Who.Tom, first);
        await OfferAsync(ward, Who.Tom, second);
        var news = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(first.Id)))!.NewsUpTo; // the other offer is news
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Sofie, ward.Maria, new(first.Id, "Ik neem het over.", SeenNewsUpTo: news)));
        var taken = await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Nadia, ward.Maria, new(second.Id));
        Assert.Equal((TaskState.Cancelled, HandoffStatus.Withdrawn), (taken!.Task.State, taken.Task.Business));
        Assert.Contains(Who.Sofie.DisplayName, taken.Task.Reason, StringComparison.Ordinal);
        Assert.IsType<TaskRefused>(await AcceptAsync(ward, Who.Nadia, second.Id));
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Nadia, first.Id)).AccountableId);
    }

    [Fact]
    public async Task Who_left_the_team_between_offer_and_acceptance_cannot_accept_and_the_sender_keeps_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)));
        await ward.RevokeAsync(ward.Maria, Who.Sofie);
        ward.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<PatientNotFound>(() => AcceptAsync(ward, Who.Sofie, handoff.Id));
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, handoff.Id)).AccountableId);
    }

    [Fact]
    public async Task A_hand_off_whose_sender_left_can_still_be_accepted()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)));
        await ward.RevokeAsync(ward.Maria, Who.Tom);
        ward.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<TaskDone>(await AcceptAsync(ward, Who.Sofie, handoff.Id));
    }

    [Fact]
    public async Task What_one_has_not_taken_on_oneself_cannot_be_handed_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var asked = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Sofie, "Wegen")); // Tom answers for it until Sofie takes it on
        Assert.Equal(new TaskRefused(TaskRule.NotYours), await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Sofie, ward.Maria, Offer(TaskParty.Of(Who.Nadia), asked)));
        var filled = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Sofie, ward.Maria, new());
        Assert.Empty(filled.Draft.Tasks);
        Assert.Equal(Who.Tom.DisplayName, Assert.Single(filled.Withheld).Accountable);
    }

    [Fact]
    public async Task A_task_that_somebody_took_on_since_the_offer_stays_theirs_and_one_that_stays_with_the_sender_stays()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var taken = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Karel, "Bloedname"));
        var stays = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Wekelijks bellen"));
        var request = Offer(TaskParty.Of(Who.Sofie), taken, stays);
        request = request with { Content = request.Content with { Tasks = [new(taken.Id, taken.Title, null), new(stays.Id, stays.Title, TaskParty.Of(Who.Tom))] } };
        var handoff = await OfferAsync(ward, Who.Tom, request);
        await ward.MoveAsync(Who.Karel, taken.Id, TaskState.Accepted);
        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id)))!;
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Ik neem het over.", SeenNewsUpTo: read.NewsUpTo)));
        Assert.Equal(Who.Karel.Id, (await ward.TaskViewAsync(Who.Nadia, taken.Id)).OwnerId);
        Assert.Equal(Who.Tom.Id, (await ward.TaskViewAsync(Who.Nadia, stays.Id)).OwnerId);
    }

    [Fact]
    public async Task Escalation_tells_receiver_then_who_is_accountable_then_the_coordinator_each_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var all = Offer(TaskParty.Of(Who.Nadia));
        await AcceptAsync(ward, Who.Nadia, (await OfferAsync(ward, Who.Karel, all with { Content = all.Content with { Scope = null, MovesCoordinator = true } })).Id);
        await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)) with { AcceptBy = ward.Clock.Utc.AddHours(2), Urgent = true });
        var told = new List<string>();
        for (var hour = 0; hour < 6; hour++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
            told.Add(string.Join(',', (await ward.RowsAsync("SELECT PersonId FROM Notices ORDER BY Key")).Select(r => r[0])));
        }

        Assert.Equal(["", Who.Sofie.Id.Value, $"{Who.Sofie.Id},{Who.Tom.Id}", $"{Who.Sofie.Id},{Who.Tom.Id},{Who.Nadia.Id}"], told.Take(4));
        Assert.Equal(told[3], told[5]);
    }

    [Fact]
    public async Task A_part_for_a_period_ends_by_itself_and_falls_back()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var offer = Offer(TaskParty.Of(Who.Sofie));
        var handoff = await OfferAsync(ward, Who.Tom, offer with { Content = offer.Content with { ScopeUntil = ward.Clock.Utc.AddDays(14) } });
        await AcceptAsync(ward, Who.Sofie, handoff.Id);
        ward.Clock.Advance(TimeSpan.FromDays(15));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Nadia, ward.Maria, new(handoff.Id)))!;
        Assert.Equal((TaskState.Completed, HandoffStatus.Ended), (read.Task.State, read.Task.Business));
    }

    [Fact]
    public async Task Over_FHIR_too_one_persons_acknowledgement_of_a_roles_news_is_not_anothers()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Tom, Who.Sofie, Who.Bram));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")));
        ward.Clock.Advance(TimeSpan.FromMinutes(5));
        await ward.NoteAsync(Who.Karel, ward.Maria, "Kalium 5,6.");
        ward.Clock.Advance(TimeSpan.FromMinutes(5));

        var exchange = ward.Get<CareTeamPortal.Features.Exchange.TaskExchange>();
        async Task<CareTeamPortal.Features.Exchange.FhirAnswer> PutAsync(PersonRow who, DateTime? read, string? readBack)
        {
            using var session = await ward.Database.RentAsync(CancellationToken.None);
            var task = System.Text.Json.Nodes.JsonNode.Parse(CareStore.Json(session, CareStore.Find(session, "Task", handoff.Id)!))!.AsObject();
            static System.Text.Json.Nodes.JsonObject Part(string code, string value, string text) => new() { ["type"] = new System.Text.Json.Nodes.JsonObject { ["coding"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["system"] = TaskCodes.Part, ["code"] = code }) }, [value] = text };
            task["status"] = "accepted";
            if (read is { } until)
                task["input"]!.AsArray().Add(Part("acknowledged-until", "valueDateTime", until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)));
            if (readBack is not null)
                task["output"] = new System.Text.Json.Nodes.JsonArray(Part("read-back", "valueString", readBack));
            return await exchange.UpdateAsync(who.Actor(), ward.Maria, handoff.Id, System.Text.Encoding.UTF8.GetBytes(task.ToJsonString()), 1, CancellationToken.None);
        }

        // Sofie read it and wrote no read-back: she accepts nothing, and Bram has read nothing by that.
        Assert.Equal(422, (await PutAsync(Who.Sofie, ward.Clock.Utc, null)).Status);
        Assert.Equal(422, (await PutAsync(Who.Bram, null, "Ik neem het over.")).Status);
        Assert.Equal(422, (await PutAsync(Who.Bram, ward.Clock.Utc.AddMinutes(-8), "Ik neem het over.")).Status); // read before the note came
        Assert.Equal(200, (await PutAsync(Who.Bram, ward.Clock.Utc, "Ik neem het over.")).Status);
    }

    [Fact]
    public async Task News_of_a_role_is_acknowledged_by_each_for_themselves()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Tom, Who.Sofie, Who.Bram));
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")));
        await ward.NoteAsync(Who.Karel, ward.Maria, "Kalium 5,4.", Audience.Professionals);
        var sofie = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id)))!;
        Assert.Equal(1, sofie.NewsCount);
        var seen = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, sofie.NewsUpTo)))!;
        Assert.Equal(0, seen.NewsCount);
        Assert.Equal(1, (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Bram, ward.Maria, new(handoff.Id)))!.NewsCount);
    }

    [Fact]
    public async Task What_tells_of_mental_health_is_hidden_from_who_may_not_see_it_with_all_its_steps()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var offer = Offer(TaskParty.Of(Who.Sofie));
        var handoff = await OfferAsync(ward, Who.Tom, offer with { Content = offer.Content with { Tells = InformationCategory.MentalHealth } });
        await ward.RunAsync(ward.Get<AskClarification>(), Who.Sofie, ward.Maria, new(handoff.Id, "Welke dosis?"));
        Assert.Null(await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Pieter, ward.Maria, new(handoff.Id)));
        Assert.DoesNotContain(await ward.PageAsync(Who.Pieter, ward.Maria), e => e.ResourceType is "Task" or "Provenance");
        Assert.Equal(2, (await ward.PageAsync(Who.Nadia, ward.Maria)).Count(e => e.ResourceType is "Task" or "Provenance"));
    }

    [Fact]
    public async Task Who_may_be_asked_is_said_with_the_reason_why_not()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var found = await ward.RunAsync(ward.Get<ReadReceivers>(), Who.Tom, ward.Maria, new(Audience.Professionals, InformationCategory.Tasks | InformationCategory.Notes | InformationCategory.MentalHealth));
        Assert.Null(found.Single(r => r.Name == Who.Sofie.DisplayName).Why);
        Assert.Contains("geestelijke gezondheid", found.Single(r => r.Name == Who.Pieter.DisplayName).Why, StringComparison.Ordinal);
        Assert.NotNull(found.Single(r => r.Name == Who.An.DisplayName).Why);
        Assert.DoesNotContain(found, r => r.Party.Person == Who.Tom.Id);
        Assert.Null(found.Single(r => r.Party.Role == Discipline.HomeNurse).Why);
    }

    [Fact]
    public async Task A_hand_off_is_filled_in_from_the_file_with_its_sources_and_says_what_it_did_not_find()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "Enkels dikker.", Audience.Professionals);
        var filled = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Tom, ward.Maria, new());
        var change = Assert.Single(filled.Draft.Fragments);
        Assert.Equal(FragmentKind.Change, change.Kind);
        Assert.Contains("Enkels dikker.", change.Text, StringComparison.Ordinal);
        Assert.StartsWith("Communication/", change.Source, StringComparison.Ordinal);
        Assert.Contains("geen medicatie gevonden", filled.Draft.Gaps);
        Assert.False(filled.MayHandAll);

        var kept = HandoffDraft.Parse(filled.Draft.ToJson())!;
        Assert.Equal(filled.Draft.Fragments[0].Text, kept.Fragments[0].Text);
        var content = kept.ToContent();
        Assert.Contains("Enkels dikker.", content.Situation, StringComparison.Ordinal);
        Assert.Equal(change.Source, Assert.Single(content.Sources).Reference);
    }

    [Fact]
    public async Task A_concept_is_seen_by_its_sender_alone()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var filled = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Tom, ward.Maria, new());
        filled.Draft.Title = "Weekendopvolging";
        await ward.RunAsync(ward.Get<SaveDraft>(), Who.Tom, ward.Maria, new(HandoffDraft.Slot, filled.Draft.ToJson()));
        Assert.Equal("Weekendopvolging", Assert.Single((await ward.Get<ReadHandoffs>().RunAsync(Who.Tom.Actor(), CancellationToken.None)).Concepts).Title);
        Assert.Empty((await ward.Get<ReadHandoffs>().RunAsync(Who.Sofie.Actor(), CancellationToken.None)).Concepts);
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task The_inbox_sorts_by_severity_then_deadline_and_counts_what_it_shows()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var late = Offer(TaskParty.Of(Who.Sofie)) with { AcceptBy = ward.Clock.Utc.AddHours(1), Title = "stabiel" };
        await OfferAsync(ward, Who.Tom, late with { Content = late.Content with { Severity = IllnessSeverity.Stable } });
        await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)) with { AcceptBy = ward.Clock.Utc.AddHours(9), Title = "bewaken, later" });
        await OfferAsync(ward, Who.Tom, Offer(TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige")) with { AcceptBy = ward.Clock.Utc.AddHours(3), Title = "bewaken, eerst" });
        var inbox = await ward.Get<ReadHandoffs>().RunAsync(Who.Sofie.Actor(), CancellationToken.None);
        Assert.Equal(["bewaken, eerst", "bewaken, later", "stabiel"], inbox.Incoming.Select(c => c.View.Title));
        Assert.Equal(3, (await ward.Get<ReadHandoffs>().CountAsync(Who.Sofie.Actor(), CancellationToken.None)).Count);
        Assert.Equal(3, (await ward.Get<ReadHandoffs>().RunAsync(Who.Tom.Actor(), CancellationToken.None)).Outgoing.Count);
        Assert.Empty((await ward.Get<ReadHandoffs>().RunAsync(Who.An.Actor(), CancellationToken.None)).Incoming);
    }

    [Fact]
    public async Task A_referral_becomes_a_hand_off_that_is_based_on_it_and_a_declined_one_is_asked_of_somebody_else()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([Who.Karel], "{\"resourceType\":\"ServiceRequest\",\"id\":\"verwijzing-1\",\"status\":\"active\",\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/" + Who.Maria + "\"},\"authoredOn\":\"2026-11-01\",\"code\":{\"text\":\"Hartfalenrevalidatie\"}}");
        var filled = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Tom, ward.Maria, new(Referral: "verwijzing-1"));
        Assert.Equal("Hartfalenrevalidatie", filled.Draft.Title);
        filled.Draft.Summary = "Twee keer per week.";
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)) with { Content = filled.Draft.ToContent() });
        Assert.Equal("ServiceRequest/verwijzing-1", (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id)))!.Task.Handoff!.BasedOn);

        await ward.RunAsync(ward.Get<DeclineHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Met verlof."));
        var again = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Tom, ward.Maria, new(Again: handoff.Id));
        Assert.Equal(handoff.Id, again.Draft.Follows);
        Assert.Contains("Twee keer per week.", again.Draft.Summary, StringComparison.Ordinal);
        var next = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Karel)) with { Content = again.Draft.ToContent() });
        var read = (await ward.RunAsync(ward.Get<ReadHandoff>(), Who.Karel, ward.Maria, new(next.Id)))!;
        Assert.Equal((handoff.Id, "ServiceRequest/verwijzing-1"), (read.Task.Handoff!.Follows, read.Task.Handoff.BasedOn));
    }

    [Fact]
    public async Task What_was_accepted_is_given_back_by_a_new_hand_off_the_other_way()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var handoff = await OfferAsync(ward, Who.Tom, Offer(TaskParty.Of(Who.Sofie)));
        await AcceptAsync(ward, Who.Sofie, handoff.Id);
        var back = await ward.RunAsync(ward.Get<PrefillHandoff>(), Who.Sofie, ward.Maria, new(Back: handoff.Id));
        Assert.Equal((Who.Tom.Id, handoff.Id), (back.Draft.Receiver!.Person!.Value, back.Draft.Follows!));
        Assert.Single(back.Draft.Contingencies);
    }
}
