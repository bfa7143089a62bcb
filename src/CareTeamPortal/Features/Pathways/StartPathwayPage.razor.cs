using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Starts a pathway: which, from when, who plays which part, what is adapted, what is there already.</summary>
public sealed partial class StartPathwayPage
{
    private readonly string _new = Guid.CreateVersion7().ToString();
    private readonly Dictionary<string, string> _roles = [];
    private readonly Dictionary<string, StepForm> _steps = [];
    private IReadOnlyList<(TemplateGoal Goal, StartGoalForm Form)> _goals = [];
    private IReadOnlyList<string> _problems = [];
    private IReadOnlyList<TaskChoice> _team = [];
    private ReadStart.Result? _read;
    private PathwayTemplate? _template;
    private PatientId? _patient;
    private Actor? _me;
    private DateTime? _day;
    private string? _failed;
    private bool _closed;
    private bool _tried;
    private bool _busy;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>The template that is chosen when the page opens.</summary>
    [SupplyParameterFromQuery(Name = "template")] public string? Template { get; set; }

    [Inject] private ReadStart Read { get; set; } = default!;
    [Inject] private StartPathway Start { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ILogger<StartPathwayPage> Log { get; set; } = default!;

    private DateOnly Today => BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _patient = PatientId.TryParse(Id);
        _day = Today.ToDateTime(TimeOnly.MinValue);
        if (_patient is null)
            _closed = true;
        else
            await ChooseAsync(Template);
    }

    private async Task ChooseAsync(string? template)
    {
        _failed = null;
        try
        {
            _read = await Read.RunAsync(_me!, _patient!.Value, new(template), default);
            if (!_read.MayStart || _read.Template is not { } chosen)
                return;
            _team = TaskChoices.Of(await ReadTeam.RunAsync(_me!, _patient!.Value, new(), default), _me!.Person, Audience.WholeTeam, People);
            foreach (var role in chosen.Roles)
                _roles[role.Id] = _read.Roles.TryGetValue(role.Id, out var party) ? _team.FirstOrDefault(c => c.Party.IsSame(party))?.Key ?? "" : "";
            _steps.Clear();
            foreach (var (_, step) in chosen.Steps)
            {
                // What is there is proposed; work and measuring that go on are ticked, whether a result is enough only a person can say.
                _steps[step.Id] = new() { Limits = [.. step.Limits.Select(l => new LimitForm(l))], Reuse = _read.Reuse.TryGetValue(step.Id, out var offers) && offers[0].Reference.Split('/')[0] is "Task" or "ServiceRequest" ? offers![0].Reference : null };
            }

            var served = chosen.Steps.Select(s => s.Step.Goal).OfType<string>().ToHashSet(StringComparer.Ordinal);
            // One life goal: what care aims at serves it, unless the person says otherwise.
            _goals = [.. chosen.Goals.Where(g => served.Contains(g.Id)).Select(g => (g, new StartGoalForm(g) { Serves = _read.LifeGoals is [var only] ? only.Reference : "" }))];
            (_template, _problems, _tried) = (chosen, [], false);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (System.Data.Common.DbException fault)
        {
            PathwaysLog.NotRead(Log, fault);
            _failed = template ?? "";
        }
    }

    /// <summary>How much is made, in a line.</summary>
    private string Makes
    {
        get
        {
            var made = _template!.Steps.Where(s => _steps[s.Step.Id] is { In: true, Reuse: null }).GroupBy(s => s.Step.Kind).ToDictionary(g => g.Key, g => g.Count());
            int Of(params StepKind[] kinds) => kinds.Sum(k => made.GetValueOrDefault(k));
            string Say(string what, int count) => T[$"Start.{what}.{(count == 1 ? "One" : "Many")}", count];
            return T["Start.Sum", Say("Tasks", Of(StepKind.Task, StepKind.Questionnaire)), Say("Measurings", Of(StepKind.Measuring)), Say("Handoffs", Of(StepKind.Handoff))];
        }
    }

    private string RoleName(string role) => _roles.TryGetValue(role, out var key) && _team.FirstOrDefault(c => c.Key == key) is { } who ? who.Name : T["Start.Nobody"];

    private string Days(TemplatePhase phase) => phase.UntilDay is { } until ? until == phase.FromDay ? T["Start.OneDay", phase.FromDay] : T["Start.Days", phase.FromDay, until] : T["Start.FromDay", phase.FromDay];

    private string Due(TemplateStep step)
    {
        var start = DateOnly.FromDateTime(_day ?? Today.ToDateTime(TimeOnly.MinValue));
        return step.Due.Hours is { } hours ? T["Start.Hours", hours] : BelgianTime.Day(start.AddDays(step.Due.Day), Today);
    }

    private async Task SaveAsync()
    {
        if (_busy || _template is not { } template)
            return;
        _busy = _tried = true;
        try
        {
            var problems = new List<string>();
            var choices = new List<StepChoice>();
            foreach (var (_, step) in template.Steps)
            {
                var form = _steps[step.Id];
                var day = form.Day.Trim().Length == 0 ? null : BelgianTime.ParseDate(form.Day, Today);
                if (form.Day.Trim().Length > 0 && day is null)
                    problems.Add(T["Start.BadDay", step.Title]);
                if (form.In && form.Limits.Any(l => !l.IsSound))
                    problems.Add(T["Start.BadLimit", step.Title]);
                choices.Add(new(step.Id, !form.In, form.Why, day, _team.FirstOrDefault(c => c.Key == form.Owner)?.Party, form.In ? form.Reuse : null, form.Changed(T["Start.Limit.Adapted", _me!.DisplayName]), form.TakeLimits));
            }

            problems.AddRange(_goals.Where(g => !g.Form.IsSound).Select(g => T["Start.BadTarget", g.Goal.Text].Value));

            if (problems.Count > 0)
            {
                _problems = problems;
                return;
            }

            var roles = template.Roles.Select(r => (r.Id, _team.FirstOrDefault(c => c.Key == _roles[r.Id])?.Party)).Where(r => r.Party is not null).ToDictionary(r => r.Id, r => r.Party!);
            var result = await Start.RunAsync(_me!, _patient!.Value, new() { Id = _new, Template = template.Id, TemplateVersion = template.Version, StartsOn = DateOnly.FromDateTime(_day ?? Today.ToDateTime(TimeOnly.MinValue)), Roles = roles, Choices = choices, Goals = [.. _goals.Select(g => g.Form.Choice)] }, default);
            switch (result)
            {
                case StartPathway.Started started:
                    Toasts.Show(T["Start.Done", template.Title]);
                    Navigation.NavigateTo($"/patients/{Id}/pathways?path={started.Id}");
                    break;
                case StartPathway.RunsAlready runs:
                    _problems = [T["Start.RunsBy", runs.By ?? T["Somebody"].Value, BelgianTime.Moment(runs.At, Clock.GetUtcNow().UtcDateTime)]];
                    break;
                case StartPathway.NewVersion newer:
                    _problems = [T["Start.NewVersion", newer.Version]];
                    break;
                case StartPathway.Refused refused:
                    _problems = [.. refused.Problems.Select(p => T[$"Problem.{p.Problem}", p.Title ?? "", p.Role is { } role ? template.Roles.FirstOrDefault(r => r.Id == role)?.Title ?? "" : ""].Value).Distinct()];
                    break;
                default:
                    _problems = [T["Start.NoTemplate"]];
                    break;
            }
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problems = [T["Refused"]];
        }
        catch (System.Data.Common.DbException fault)
        {
            PathwaysLog.NotWritten(Log, fault);
            _problems = [T["Page.FailedMore"]];
        }
        finally
        {
            _busy = false;
        }
    }
}
