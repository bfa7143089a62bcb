using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>
/// Writing a hand-off. It is filled in from the file, the writer edits; what is written is kept in the writer's own drafts within two seconds of
/// the last key, so that it survives a cut and nobody else sees it.
/// </summary>
public sealed partial class MakeHandoffPage
{
    private static readonly TimeSpan KeepAfter = TimeSpan.FromMilliseconds(900);

    private readonly CancellationTokenSource _gone = new();
    private HandoffDraft? _draft;
    private PrefillHandoff.Result? _filled;
    private IReadOnlyList<HandoffReceiver> _receivers = [];
    private bool _mayInvite;
    private bool _inviting;
    private IReadOnlyList<HandoffChoice> _choices = [];
    private IReadOnlyList<string> _gaps = [];
    private InformationCategory _receiversFor;
    private ITimer? _timer;
    private Task _keeping = Task.CompletedTask;
    private Actor? _me;
    private string? _shown;
    private string _name = "";
    private string? _problem;
    private string? _whyNot;
    private string? _kept;
    private DateTime _now;
    private bool _dirty;
    private bool _restored;
    private bool _asked;
    private bool _busy;
    private bool _closed;
    private ActionRefused? _refused;
    private bool _failed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>A declined hand-off: the same for somebody else.</summary>
    [SupplyParameterFromQuery(Name = "again")] public string? Again { get; set; }

    /// <summary>An accepted hand-off: given back.</summary>
    [SupplyParameterFromQuery(Name = "back")] public string? Back { get; set; }

    /// <summary>Id of a ServiceRequest that it carries out.</summary>
    [SupplyParameterFromQuery(Name = "referral")] public string? Referral { get; set; }

    /// <summary>Id of the task of a pathway's step that asks for it.</summary>
    [SupplyParameterFromQuery(Name = "step")] public string? Step { get; set; }

    [Inject] internal CurrentActor Current { get; set; } = default!;
    [Inject] internal TimeProvider Clock { get; set; } = default!;
    [Inject] internal PrefillHandoff Prefill { get; set; } = default!;
    [Inject] internal CareTeams.ReadTeamRights TeamRights { get; set; } = default!;
    [Inject] internal ReadReceivers Receivers { get; set; } = default!;
    [Inject] internal OfferHandoff Offer { get; set; } = default!;
    [Inject] internal ReadBanner Banner { get; set; } = default!;
    [Inject] internal ReadTeam Team { get; set; } = default!;
    [Inject] internal ReadDrafts Drafts { get; set; } = default!;
    [Inject] internal SaveDraft Save { get; set; } = default!;
    [Inject] internal PeopleDirectory People { get; set; } = default!;
    [Inject] internal Toasts Toasts { get; set; } = default!;
    [Inject] internal NavigationManager Nav { get; set; } = default!;
    [Inject] private ILogger<MakeHandoffPage> Log { get; set; } = default!;

    private PatientId Patient => PatientId.TryParse(Id)!.Value;

    private DateTime AcceptByUtc => _draft?.AcceptBy is { } local ? BelgianTime.ToUtc(local) : _now + Reminders.AcceptWithin(_draft?.Urgent == true ? TaskPriority.Urgent : TaskPriority.Routine);

    private DateTime? _acceptBy => _draft?.AcceptBy ?? BelgianTime.ToLocal(AcceptByUtc);

    private string ReceiverFirst => _draft?.Receiver is { } receiver ? receiver.Person is not null ? ReadMyDay.FirstName(receiver.Display ?? "") : receiver.Display ?? "" : T["Make.TheReceiver"];

    private static string Pressed(bool on) => on ? "true" : "false";

    private static string Text(ChangeEventArgs e) => e.Value?.ToString() ?? "";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var asked = $"{Id}?{Again}&{Back}&{Referral}&{Step}";
        if (_shown == asked)
            return;
        _shown = asked;
        _closed = PatientId.TryParse(Id) is null;
        if (!_closed)
            await LoadAsync();
    }

    private Task LoadAsync() => LoadAsync(afresh: false);

    private async Task LoadAsync(bool afresh)
    {
        (_failed, _refused) = (false, null);
        try
        {
            _now = Clock.GetUtcNow().UtcDateTime;
            _me = await Current.RequireAsync();
            _filled = await Prefill.RunAsync(_me, Patient, new(Again, Back, Referral, Step), _gone.Token);
            var banner = await Banner.RunAsync(_me, Patient, new(), _gone.Token);
            _name = SafeText.Line(banner.Name, 80);
            var team = await Team.RunAsync(_me, Patient, new(), _gone.Token);
            _choices = [new HandoffChoice(_me.Person.Value, T["Make.StaysWithMe"], TaskParty.Of(_me)), .. team.Where(m => m.Person != _me.Person && m.DoesTasks).Select(m => People.Find(m.Person)).OfType<Platform.Data.PersonRow>().Select(p => new HandoffChoice(p.Id.Value, p.DisplayName, TaskParty.Of(p)))];
            var kept = (await Drafts.RunAsync(_me, Patient, new(), _gone.Token)).GetValueOrDefault(HandoffDraft.Slot);
            // What was kept is written further, unless the person asks for another thing: the same one again, giving back, a referral.
            _restored = !afresh && Again is null && Back is null && Referral is null && HandoffDraft.Parse(kept) is { } written && (Step is null || written.Step == Step);
            _draft = _restored ? HandoffDraft.Parse(kept) : _filled.Draft;
            if (_restored)
                MatchTasks(_draft!, _filled);
            _mayInvite = (await TeamRights.RunAsync(_me, Patient, new(), _gone.Token)).Invites;
            await ReadReceiversAsync();
            SetGaps();
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (ActionRefused refused)
        {
            _refused = refused;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            _failed = true;
            HandoffsLog.PageFailed(Log, fault);
        }
    }

    /// <summary>Tasks that were done or given away since the concept was kept leave it; new ones join, not ticked.</summary>
    private static void MatchTasks(HandoffDraft draft, PrefillHandoff.Result filled)
    {
        draft.Tasks.RemoveAll(t => filled.Draft.Tasks.TrueForAll(f => f.Id != t.Id));
        foreach (var task in filled.Draft.Tasks.Where(f => draft.Tasks.TrueForAll(t => t.Id != f.Id)))
        {
            task.In = false;
            draft.Tasks.Add(task);
        }
    }

    private async Task InvitedAsync(string? name)
    {
        _inviting = false;
        if (name is not null)
            await ReadReceiversAsync();
    }

    private async Task ReadReceiversAsync()
    {
        _receiversFor = _draft!.Tells;
        _receivers = await Receivers.RunAsync(_me!, Patient, new(Audience.Professionals, _receiversFor), _gone.Token);
        _whyNot = new[] { _draft.Receiver, _draft.Second }.OfType<TaskParty>().Select(p => _receivers.FirstOrDefault(r => r.Party.IsSame(p)) is { } r ? r.Why is { } why ? $"{r.Name}: {why}" : null : T["Make.NotInTeam", p.Display ?? ""].Value).FirstOrDefault(w => w is not null);
    }

    private async ValueTask<IReadOnlyList<HandoffReceiver>> FindAsync(string words, CancellationToken ct)
    {
        if (_receiversFor != _draft!.Tells)
            await ReadReceiversAsync();
        return [.. _receivers.Where(r => words.Trim().Length == 0 || r.Name.Contains(words.Trim(), StringComparison.CurrentCultureIgnoreCase) || r.Detail.Contains(words.Trim(), StringComparison.CurrentCultureIgnoreCase)).OrderBy(r => r.Why is not null)];
    }

    private string NameOf(TaskParty party) => _receivers.FirstOrDefault(r => r.Party.IsSame(party))?.Name ?? party.Display ?? "";

    private string DetailOf(TaskParty party) => _receivers.FirstOrDefault(r => r.Party.IsSame(party))?.Detail ?? "";

    private int CountOf(string part) => _draft!.Fragments.Count(f => f.In && HandoffDraft.PartOf(_draft.Protocol, f.Kind) == part);

    private string TaskWordsOf(HandoffDraft d) => d.Tasks.Count(t => t.In) switch { 0 => T["Tasks.0"], 1 => T["Tasks.1"], var n => T["Tasks.N", n] };

    private void SetGaps() => _gaps = [.. _draft!.OpenGaps()];

    private async Task AfreshAsync()
    {
        await SaveAsync("");
        await LoadAsync(afresh: true);
    }

    /// <summary>Something changed: keep it soon.</summary>
    private async Task Set(Action change)
    {
        change();
        _problem = null;
        SetGaps();
        _kept = null;
        _dirty = true;
        _timer ??= Clock.CreateTimer(_ => _keeping = InvokeAsync(() => SaveAsync(null)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(KeepAfter, Timeout.InfiniteTimeSpan);
        if (_receiversFor != _draft!.Tells || _draft.Receiver is not null && _whyNot is not null)
            await ReadReceiversAsync();
    }

    private async Task SaveAsync(string? text)
    {
        if (_draft is null || _gone.IsCancellationRequested)
            return;
        try
        {
            _dirty = false;
            var kept = await Save.RunAsync(_me!, Patient, new(HandoffDraft.Slot, text ?? _draft.ToJson()), _gone.Token);
            _kept = kept ? T["Make.Kept", BelgianTime.Time(Clock.GetUtcNow().UtcDateTime)] : T["Make.NotKept"];
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or PatientNotFound)
        {
            _kept = T["Make.NotKept"];
            HandoffsLog.StepFailed(Log, fault);
            StateHasChanged();
        }
    }

    private async Task KeepAsync()
    {
        await SaveAsync(null);
        Toasts.Show(_kept ?? "");
    }

    private async Task OfferAsync()
    {
        if (_busy || _draft is not { } draft)
            return;
        _asked = true;
        _problem = draft.Title.Trim().Length == 0 ? T["Make.NeedsTitle"].Value : draft.Severity is null ? T["Make.NeedsSeverity"].Value : draft.Receiver is null ? T["Make.NeedsReceiver"].Value : null;
        if (_problem is not null)
            return;
        _busy = true;
        try
        {
            var result = await Offer.RunAsync(_me!, Patient, new OfferHandoff.Request { Id = draft.Id, Title = draft.Title, Receiver = draft.Receiver!, Content = draft.ToContent(), Urgent = draft.Urgent, Step = draft.Step, AcceptBy = draft.AcceptBy is { } by ? BelgianTime.ToUtc(by) : null }, _gone.Token);
            if (result is not TaskDone done)
            {
                _problem = result is TaskRefused { Rule: TaskRule.NotYours } ? T["Make.TaskNotYours"] : HandoffRules.Say(result);
                return;
            }

            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await _keeping;
            await Save.RunAsync(_me!, Patient, new(HandoffDraft.Slot, ""), _gone.Token);
            (_draft, _dirty) = (null, false);
            Nav.NavigateTo($"/patients/{Id}/handoffs/{done.Task.Id}");
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (ActionRefused refused)
        {
            _refused = refused;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            _problem = T["Error.Step"];
            HandoffsLog.StepFailed(Log, fault);
        }
        finally
        {
            _busy = false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        if (_dirty && _draft is not null)
            await SaveAsync(null); // left within the second: the last words are kept too
        await _gone.CancelAsync();
        _gone.Dispose();
    }
}
