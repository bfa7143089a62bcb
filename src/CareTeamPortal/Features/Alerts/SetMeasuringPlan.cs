using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Sets what is measured of a patient and from where a value is worth an alert, changes it, or stops it with a reason. What it said before is kept.</summary>
internal sealed class SetMeasuringPlan(CareDesk desk, Filing filing, PeopleDirectory people) : PatientUseCase<SetMeasuringPlan.Request, SetMeasuringPlan.Result>(desk)
{
    internal const int LongestToDo = 400;
    internal const int LongestSource = 200;

    internal sealed record Request
    {
        /// <summary>The plan; chosen by the page when the form was opened, so that sending it twice makes one. A guid, or the id of a plan that is there.</summary>
        public required string Id { get; init; }

        /// <summary>The version that the person saw; 0 for a new one.</summary>
        public int SeenVersion { get; init; }

        /// <summary>LOINC code of a quantity of the catalogue.</summary>
        public required string Loinc { get; init; }
        public RepeatRule? Repeat { get; init; }
        public IReadOnlyList<TaskParty> By { get; init; } = [];
        public string? Goal { get; init; }
        public IReadOnlyList<AlertRule> Rules { get; init; } = [];

        /// <summary>Stop it, for this reason; null: it goes on.</summary>
        public string? StopBecause { get; init; }

        /// <summary>Id of a limit of which most alerts were ignored, and why it stays as it is.</summary>
        public (string Rule, string Reason)? Keep { get; init; }

        /// <summary>The ServiceRequest as a program sent it, without id; kept in what we do not know.</summary>
        public byte[]? Source { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    /// <summary>What became of it.</summary>
    internal enum Outcome
    {
        Done = 0,

        /// <summary>A limit cannot be judged, or the quantity is not in the catalogue.</summary>
        NotSound = 1,

        /// <summary>Somebody changed it meanwhile; nothing was written.</summary>
        ChangedMeanwhile = 2,

        /// <summary>A text is longer than is kept; nothing was cut off.</summary>
        TooLong = 3,

        /// <summary>To stop needs a reason.</summary>
        NeedsReason = 4,

        /// <summary>There is no such plan here.</summary>
        NotFound = 5,

        /// <summary>What was asked to be looked for is there; nothing was written.</summary>
        ThereAlready = 6,
    }

    internal sealed record Result(Outcome Outcome, MeasuringPlan? Plan = null);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!SharingRules.AnswersForCare(room.Role))
            throw room.Refusal(CareAction.Write, InformationCategory.Measurements); // a limit decides who is called at night: it is a professional's
        if (request.StopBecause is { } because && SafeText.IsBlank(because) || request.Keep is { Reason: var why } && SafeText.IsBlank(why))
            return new(Outcome.NeedsReason);
        if (request.Repeat is { IsSound: false } || Measured.KeysOf(request.Loinc) is not { Count: > 0 } keys || request.Rules.Count > MeasuringPlan.MostRules || request.Rules.Any(r => !r.Threshold.IsSound || !keys.Contains(r.Threshold.Quantity)) || request.Rules.Any(r => r.Threshold.Id is not { Length: > 0 and <= 64 } id || SafeText.Line(id) != id) || request.Rules.DistinctBy(r => r.Threshold.Id).Count() != request.Rules.Count)
            return new(Outcome.NotSound);
        if (request.Rules.Any(r => r.ToDo?.Length > LongestToDo || r.Source?.Length > LongestSource) || request.StopBecause?.Length > TaskLimits.LongestReason || request.Keep?.Reason.Length > TaskLimits.LongestReason)
            return new(Outcome.TooLong);
        return await room.CommitAsync((writer, _) => ValueTask.FromResult(Put(writer, request)), ct);
    }

    private Result Put(RoomWriter writer, Request request)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        writer.RequireWrite(InformationCategory.Measurements);
        if (request.Unless?.Invoke(writer) == true)
            return new(Outcome.ThereAlready);
        var stored = CareStore.Find(session, "ServiceRequest", request.Id);
        if (stored is not null && (stored.Patient != room.Patient || !room.Reach.Sees(stored.Audience, stored.Category)) || stored is null && (request.SeenVersion > 0 || !Guid.TryParse(request.Id, out _)))
            return new(Outcome.NotFound);
        byte[]? present = null;
        MeasuringPlan? before = null;
        if (stored is not null)
        {
            present = CareStore.Json(session, stored);
            ResourceReader.Read(present, out var document);
            using (document)
                before = MeasuringPlanFhir.Read(document.RootElement, room.Patient, request.Id, stored.Version, people.FindByReference);
            if (before is null)
                return new(Outcome.NotFound);
            if (request.SeenVersion == 0)
                return new(Outcome.Done, before); // sent twice: the first one stands
            if (request.SeenVersion != stored.Version)
                return new(Outcome.ChangedMeanwhile, before);
        }

        if (request.Goal is { } goal && goal != before?.Goal && (!goal.StartsWith("Goal/", StringComparison.Ordinal) || CareStore.Find(session, "Goal", goal[5..]) is not { } served || served.Patient != room.Patient || !room.Reach.Sees(served.Audience, served.Category)
            || ((stored?.Audience ?? Audience.WholeTeam) & ~served.Audience) != 0 || ClinicalCodes.Protected(served.Category) is not InformationCategory.None and var closed && closed != stored?.Category))
            return new(Outcome.NotSound); // a goal of this file that everybody sees who sees the plan
        var plan = new MeasuringPlan
        {
            Id = request.Id, Patient = room.Patient, Version = (stored?.Version ?? 0) + 1, IsActive = request.StopBecause is null, Loinc = request.Loinc, Repeat = request.Repeat, By = request.By, Goal = request.Goal,
            Requester = TaskParty.Of(room.Actor), AuthoredOn = now, Reason = request.StopBecause is { } reason ? SafeText.Lines(reason, TaskLimits.LongestReason).Trim() : null,
            Rules = [.. request.Rules.Select(r => Said(r, before?.Rules.FirstOrDefault(b => b.Threshold.Id == r.Threshold.Id), now)).Select(r => request.Keep is var (kept, reason) && kept == r.Threshold.Id ? r with { Kept = new(now, room.Actor.DisplayName, SafeText.Lines(reason, TaskLimits.LongestReason).Trim()) } : r)],
        };
        return Store(writer, plan, stored, MeasuringPlanFhir.Write(plan, present ?? request.Source), "portal") ? new(Outcome.Done, plan) : new(Outcome.ChangedMeanwhile, before);
    }

    /// <summary>Stores a new plan inside a transaction that does more.</summary>
    /// <param name="audience">Whole team; professionals when what it belongs to is for them.</param>
    internal void Add(RoomWriter writer, MeasuringPlan plan, Audience audience, string origin)
    {
        var json = MeasuringPlanFhir.Write(plan, null);
        if (audience == Audience.Professionals)
        {
            var root = (JsonObject)JsonNode.Parse(json)!;
            TaskFhir.WriteAudience(root, audience);
            json = JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
        }

        Store(writer, plan, null, json, origin);
    }

    /// <summary>Puts other limits in the place of those of a plan inside a transaction that does more; false when the room sees no such plan that runs, or may not write it.</summary>
    internal bool Limit(RoomWriter writer, string id, IReadOnlyList<AlertRule> rules)
    {
        if (CareStore.Find(writer.Session, "ServiceRequest", id) is not { } stored || stored.Patient != writer.Room.Patient || !writer.Room.Reach.Sees(stored.Audience, stored.Category))
            return false;
        ResourceReader.Read(CareStore.Json(writer.Session, stored), out var document);
        using (document)
        {
            return MeasuringPlanFhir.Read(document.RootElement, writer.Room.Patient, id, stored.Version, people.FindByReference) is { IsActive: true } plan
                && Put(writer, new() { Id = id, SeenVersion = stored.Version, Loinc = plan.Loinc, Repeat = plan.Repeat, By = plan.By, Goal = plan.Goal, Rules = rules }).Outcome == Outcome.Done;
        }
    }

    private bool Store(RoomWriter writer, MeasuringPlan plan, StoredResource? stored, byte[] json, string origin)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        var prepared = filing.PrepareAs(json, plan.Id, origin);
        if (stored is null)
            CareStore.Insert(session, prepared.Resource, room.Patient, null, now);
        else if (!CareStore.Replace(session, stored, prepared.Resource, room.Patient, room.Actor.Person, now))
            return false;
        filing.PutEntry(session, room.Patient, prepared, plan.Version, writer.NextCursor, now, null, room.Actor.Person);
        writer.Record(CareAction.Write, $"ServiceRequest/{plan.Id}/_history/{plan.Version}");
        return true;
    }

    /// <summary>Stops a plan inside a transaction that does more; false when the room does not see it. One that is stopped already stays so.</summary>
    internal bool Stop(RoomWriter writer, string id, string because)
    {
        if (CareStore.Find(writer.Session, "ServiceRequest", id) is not { } stored || stored.Patient != writer.Room.Patient || !writer.Room.Reach.Sees(stored.Audience, stored.Category))
            return false;
        ResourceReader.Read(CareStore.Json(writer.Session, stored), out var document);
        using (document)
        {
            return MeasuringPlanFhir.Read(document.RootElement, writer.Room.Patient, id, stored.Version, people.FindByReference) is not { } plan ? false
                : !plan.IsActive || Put(writer, new() { Id = id, SeenVersion = stored.Version, Loinc = plan.Loinc, Repeat = plan.Repeat, By = plan.By, Goal = plan.Goal, Rules = plan.Rules, StopBecause = because }).Outcome == Outcome.Done;
        }
    }

    /// <summary>The texts as they are kept; a limit that says what it said is in force since it did.</summary>
    private static AlertRule Said(AlertRule rule, AlertRule? before, DateTime now) => rule with
    {
        // That it was kept is said here and by nobody else; another limit was not looked at yet.
        Kept = before is not null && before.Threshold with { Since = default, Severity = default } == rule.Threshold with { Since = default, Severity = default } ? before.Kept : null,
        Threshold = before is not null && before.Threshold with { Since = default, Severity = default } == rule.Threshold with { Since = default, Severity = default } ? rule.Threshold with { Since = before.Threshold.Since } : rule.Threshold with { Since = now },
        ToDo = SafeText.Lines(rule.ToDo ?? "", LongestToDo).Trim() is { Length: > 0 } toDo ? toDo : null,
        Source = SafeText.Line(rule.Source ?? "", LongestSource) is { Length: > 0 } source ? source : null,
    };
}
