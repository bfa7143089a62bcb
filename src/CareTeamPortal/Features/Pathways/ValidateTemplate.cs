using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Says what is wrong with a template: what has none of these can be started for a patient.</summary>
internal static class ValidateTemplate
{
    internal const int LongestTitle = CreateTask.LongestTitle;
    internal const int LongestPurpose = 2_000;
    internal const int LongestCriterion = 1_000;
    internal const int LongestDetail = CreateTask.LongestDetail;
    internal const int LongestLabel = 300;
    internal const int LongestAddress = 500;
    internal const int LongestId = 64;
    internal const int MostPhases = 12;
    internal const int MostSteps = 60;
    internal const int MostRoles = 20;
    internal const int MostGoals = 20;
    internal const int MostSources = 40;

    /// <summary>Ten years: no pathway is planned further.</summary>
    internal const int LastDay = 3_660;

    /// <summary>A deadline in hours is for the first days.</summary>
    internal const int MostHours = 168;

    /// <summary>Questionnaires that a step may name.</summary>
    internal static IReadOnlyList<string> Questionnaires { get; } = ["who-5", "phq-2", "phq-9", "pijn-nrs", "ervaring", "mantelzorg-totaal"];

    /// <summary>Everything that is wrong with a template, in the order in which it is read; nothing: it can be published.</summary>
    public static IReadOnlyList<TemplateProblem> Problems(PathwayTemplate template)
    {
        var run = new Run(template);
        run.Whole();
        foreach (var (index, phase) in template.Phases.Index())
            run.Phase(phase, index);
        return run.Found;
    }

    private sealed class Run(PathwayTemplate template)
    {
        private readonly HashSet<string> _roles = [.. template.Roles.Select(r => r.Id)];
        private readonly HashSet<string> _goals = [.. template.Goals.Select(g => g.Id)];
        private readonly HashSet<string> _sources = [.. template.Sources.Select(s => s.Id)];
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private string? _phase;
        private string? _step;

        public List<TemplateProblem> Found { get; } = [];

        private void Add(TemplateFault fault, TemplateField field, string? part = null, params object[] values) => Found.Add(new(fault, field, _phase, _step, part, values));

        public void Whole()
        {
            if (string.IsNullOrWhiteSpace(template.Title))
                Add(TemplateFault.NoTitle, TemplateField.Title);
            Long(template.Title, LongestTitle, TemplateField.Title);
            Long(template.Purpose, LongestPurpose, TemplateField.Purpose);
            if (template.Phases.Count == 0)
                Add(TemplateFault.NoPhases, TemplateField.Steps);
            Many(template.Phases.Count, MostPhases, TemplateField.Whole);
            Many(template.Roles.Count, MostRoles, TemplateField.Roles);
            Many(template.Goals.Count, MostGoals, TemplateField.Goals);
            Many(template.Sources.Count, MostSources, TemplateField.Sources);
            Many(template.Steps.Count(), MostSteps, TemplateField.Steps);
            Ids(template.Roles.Select(r => r.Id), TemplateField.Roles);
            Ids(template.Goals.Select(g => g.Id), TemplateField.Goals);
            Ids(template.Sources.Select(s => s.Id), TemplateField.Sources);
            var used = template.Steps.SelectMany(s => s.Step.Limits.Select(l => l.Role).Append(s.Step.Role).Append(s.Step.ToRole)).ToHashSet();
            foreach (var role in template.Roles)
            {
                Words(role.Title, LongestTitle, TemplateField.Roles, role.Id);
                if (role.Disciplines.Count == 0)
                    Add(TemplateFault.NoDisciplines, TemplateField.Roles, role.Id);
                if (!used.Contains(role.Id))
                    Add(TemplateFault.UnusedRole, TemplateField.Roles, role.Id, role.Title);
            }

            var served = template.Steps.Select(s => s.Step.Goal).ToHashSet();
            foreach (var goal in template.Goals)
            {
                Words(goal.Text, LongestTitle, TemplateField.Goals, goal.Id);
                Long(goal.Target, LongestLabel, TemplateField.Goals, goal.Id);
                if (goal.Quantity is { } quantity && !IsQuantity(quantity))
                    Add(TemplateFault.UnknownQuantity, TemplateField.Goals, goal.Id);
                if (!served.Contains(goal.Id))
                    Add(TemplateFault.UnservedGoal, TemplateField.Goals, goal.Id, goal.Text);
            }

            foreach (var source in template.Sources)
            {
                Words(source.Label, LongestLabel, TemplateField.Sources, source.Id);
                if (source.Url is { } url && (url.Length > LongestAddress || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0))
                    Add(TemplateFault.NoAddress, TemplateField.Sources, source.Id);
            }
        }

        public void Phase(TemplatePhase phase, int index)
        {
            (_phase, _step) = (phase.Id, null);
            Identify(phase.Id);
            Words(phase.Title, LongestTitle, TemplateField.Title, null);
            Long(phase.Entry, LongestCriterion, TemplateField.Entry);
            Long(phase.Exit, LongestCriterion, TemplateField.Exit);
            if (index == 0 && phase.FromDay != 0)
                Add(TemplateFault.NotFromTheStart, TemplateField.FromDay);
            else if (phase.FromDay is < 0 or > LastDay)
                Add(TemplateFault.DayOutOfReach, TemplateField.FromDay, null, LastDay);
            else if (index > 0 && phase.FromDay < template.Phases[index - 1].FromDay)
                Add(TemplateFault.BeginsBeforeTheLast, TemplateField.FromDay, null, template.Phases[index - 1].Title, template.Phases[index - 1].FromDay);
            if (phase.UntilDay is { } until)
            {
                if (until < phase.FromDay)
                    Add(TemplateFault.EndsBeforeItBegins, TemplateField.UntilDay, null, phase.FromDay);
                else if (until > LastDay)
                    Add(TemplateFault.DayOutOfReach, TemplateField.UntilDay, null, LastDay);
            }
            else if (index < template.Phases.Count - 1)
            {
                Add(TemplateFault.OpenEndInTheMiddle, TemplateField.UntilDay);
            }

            if (phase.Steps.Count == 0)
                Add(TemplateFault.NoSteps, TemplateField.Steps);
            foreach (var step in phase.Steps)
                Step(phase, step);
        }

        private void Step(TemplatePhase phase, TemplateStep step)
        {
            _step = step.Id;
            Identify(step.Id);
            Words(step.Title, LongestTitle, TemplateField.Title, null);
            Long(step.Detail, LongestDetail, TemplateField.Detail);
            if (!_roles.Contains(step.Role))
                Add(TemplateFault.UnknownRole, TemplateField.Role);
            if (step.Goal is { } goal && !_goals.Contains(goal))
                Add(TemplateFault.UnknownGoal, TemplateField.Goal);
            if (step.Source is { } source && !_sources.Contains(source))
                Add(TemplateFault.UnknownSource, TemplateField.Source);
            Times(phase, step);
            if (step.Checklist.Count > CreateTask.MostChecks)
                Add(TemplateFault.TooMany, TemplateField.Checklist, null, CreateTask.MostChecks);
            if (step.Checklist.Any(c => c.Length > TaskLimits.LongestCheck))
                Add(TemplateFault.TooLong, TemplateField.Checklist, null, TaskLimits.LongestCheck);
            if (step.Checklist.Any(string.IsNullOrWhiteSpace))
                Add(TemplateFault.NoWords, TemplateField.Checklist);
            if (step.Checklist.Count > 0 && step.Kind is not StepKind.Task)
                Add(TemplateFault.ChecklistElsewhere, TemplateField.Checklist);
            if (step.Loinc is { } code && !IsLoinc(code))
                Add(TemplateFault.NoCode, TemplateField.Loinc);
            else if (step.Kind == StepKind.Measuring && (step.Loinc is null || Measured.KeysOf(step.Loinc).Count == 0))
                Add(TemplateFault.NotMeasurable, TemplateField.Loinc);
            Limits(step);
            if (step.Kind == StepKind.Handoff)
            {
                if (step.ToRole is null || !_roles.Contains(step.ToRole))
                    Add(TemplateFault.NoReceiver, TemplateField.ToRole);
                else if (step.ToRole == step.Role)
                    Add(TemplateFault.HandsToItself, TemplateField.ToRole);
                Long(step.Scope, LongestTitle, TemplateField.Scope);
            }
            else if (step.ToRole is not null || step.Scope is not null)
            {
                Add(TemplateFault.ReceiverElsewhere, TemplateField.ToRole);
            }

            if (step.Worse is { } worse && (worse.Questionnaire is { } offered && !Questionnaires.Contains(offered) || worse.Contact is { } contact && !_roles.Contains(contact) || worse.Step is { } told && template.Steps.All(s => s.Step.Id != told)))
                Add(TemplateFault.WorseLeadsNowhere, TemplateField.Worse);
            if (step.Kind == StepKind.Questionnaire ? step.Questionnaire is null || !Questionnaires.Contains(step.Questionnaire) : step.Questionnaire is not null)
                Add(step.Kind == StepKind.Questionnaire ? TemplateFault.NoQuestionnaire : TemplateFault.QuestionnaireElsewhere, TemplateField.Questionnaire);
            if (step.Kind == StepKind.Information && string.IsNullOrWhiteSpace(step.Detail))
                Add(TemplateFault.NoText, TemplateField.Detail);
        }

        private void Times(TemplatePhase phase, TemplateStep step)
        {
            var day = step.Due.Hours is { } hours ? hours / 24 : step.Due.Day;
            if (step.Due is { Hours: not null, Day: not 0 })
                Add(TemplateFault.DayAndHours, TemplateField.Due);
            else if (step.Due.Hours is < 1 or > MostHours)
                Add(TemplateFault.HoursOutOfReach, TemplateField.Due, null, MostHours);
            else if (step.Due.Hours is null && day is < 0 or > LastDay)
                Add(TemplateFault.DayOutOfReach, TemplateField.Due, null, LastDay);
            else if (day < phase.FromDay)
                Add(TemplateFault.BeforeThePhase, TemplateField.Due, null, day, phase.FromDay);
            else if (day > phase.UntilDay)
                Add(TemplateFault.AfterThePhase, TemplateField.Due, null, day, phase.UntilDay.Value);
            if (step.Repeat is null)
            {
                if (step.RepeatUntilDay is not null)
                    Add(TemplateFault.DoesNotRepeat, TemplateField.Repeat);
                return;
            }

            if (step.Kind is StepKind.Handoff or StepKind.Information)
                Add(TemplateFault.DoesNotRepeat, TemplateField.Repeat);
            if (step.Repeat.Every is < 1 or > 366)
                Add(TemplateFault.RepeatOutOfReach, TemplateField.Repeat);
            if (step.Repeat.Until is not null)
                Add(TemplateFault.RepeatHasADate, TemplateField.Repeat);
            if (step.RepeatUntilDay is { } until && (until < day || until > LastDay))
                Add(TemplateFault.RepeatEndsTooEarly, TemplateField.Repeat, null, day, LastDay);
        }

        private void Limits(TemplateStep step)
        {
            if (step.Limits.Count == 0)
                return;
            if (step.Kind != StepKind.Measuring)
            {
                Add(TemplateFault.LimitsElsewhere, TemplateField.Limits);
                return;
            }

            Many(step.Limits.Count, MeasuringPlan.MostRules, TemplateField.Limits);
            Ids(step.Limits.Select(l => l.Id), TemplateField.Limits);
            var keys = step.Loinc is null ? [] : Measured.KeysOf(step.Loinc);
            foreach (var limit in step.Limits)
            {
                if (keys.Count > 0 && !keys.Contains(limit.Quantity))
                    Add(TemplateFault.LimitOfAnother, TemplateField.Limits, limit.Id);
                else if (!limit.At(DateTime.UnixEpoch).IsSound)
                    Add(TemplateFault.LimitIncomplete, TemplateField.Limits, limit.Id);
                else if (limit is { Kind: ThresholdKind.Value or ThresholdKind.Sustained, Limit: { } value } && Measured.QuantityOf(limit.Quantity) is { } quantity && !quantity.IsPlausible(value))
                    Add(TemplateFault.LimitImpossible, TemplateField.Limits, limit.Id, quantity.Show(value), quantity.Show(quantity.Lowest), quantity.Show(quantity.Highest));
                if (limit.Role is { } role && !_roles.Contains(role))
                    Add(TemplateFault.UnknownRole, TemplateField.Limits, limit.Id);
                if (limit.Source is { } source && !_sources.Contains(source))
                    Add(TemplateFault.UnknownSource, TemplateField.Limits, limit.Id);
                if (string.IsNullOrWhiteSpace(limit.ToDo))
                    Add(TemplateFault.LimitWithoutToDo, TemplateField.ToDo, limit.Id);
                Long(limit.ToDo, SetMeasuringPlan.LongestToDo, TemplateField.ToDo, limit.Id);
            }
        }

        private void Identify(string id)
        {
            if (!ResourceReader.IsId(id))
                Add(TemplateFault.NoId, TemplateField.Whole);
            else if (!_ids.Add(id))
                Add(TemplateFault.SameId, TemplateField.Whole, id, id);
        }

        private void Ids(IEnumerable<string> ids, TemplateField field)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                if (!ResourceReader.IsId(id))
                    Add(TemplateFault.NoId, field, id);
                else if (!seen.Add(id))
                    Add(TemplateFault.SameId, field, id, id);
            }
        }

        private void Words(string? text, int most, TemplateField field, string? part)
        {
            if (string.IsNullOrWhiteSpace(text))
                Add(TemplateFault.NoWords, field, part);
            Long(text, most, field, part);
        }

        private void Long(string? text, int most, TemplateField field, string? part = null)
        {
            if (text?.Length > most)
                Add(TemplateFault.TooLong, field, part, most);
        }

        private void Many(int count, int most, TemplateField field)
        {
            if (count > most)
                Add(TemplateFault.TooMany, field, null, most);
        }
    }

    /// <summary>Whether a goal or limit can be about this quantity.</summary>
    internal static bool IsQuantity(string key) => Measured.QuantityOf(key) is { } quantity && Measured.KeyOf(quantity) == key;

    private static bool IsLoinc(string code) => code.Length is >= 3 and <= 10 && code[^2] == '-' && char.IsAsciiDigit(code[^1]) && code[..^2].All(char.IsAsciiDigit);
}
