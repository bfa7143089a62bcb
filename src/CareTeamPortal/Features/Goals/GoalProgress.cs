namespace CareTeamPortal.Features.Goals;

/// <summary>A value that was measured for a goal.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Reference">The Observation, <c>Observation/x</c>.</param>
public readonly record struct GoalReading(DateTime Time, decimal Value, string? Reference = null);

/// <summary>How far a measured goal is: a pure function of its target and what was measured.</summary>
/// <param name="Readings">From the baseline on, oldest first; never empty.</param>
/// <param name="MetInRow">How many of the newest values reach the target without one between that does not.</param>
public sealed record GoalProgress(GoalTarget Target, IReadOnlyList<GoalReading> Readings, int MetInRow)
{
    /// <summary>So many values in a row that reach the target say that it may be reached.</summary>
    internal const int Enough = 3;

    public GoalReading Baseline => Readings[0];
    public GoalReading Last => Readings[^1];
    public bool IsMet => Target.IsMet(Last.Value);

    /// <summary>The value of the target that is nearest to the last one: what is left to go to.</summary>
    public decimal Nearest => Target.Side == TargetSide.Between && Last.Value > Target.High ? Target.High!.Value : Target.Value!.Value;

    /// <summary>How much is left.</summary>
    public decimal Left => IsMet ? 0 : decimal.Abs(Last.Value - Nearest);

    /// <summary>Which part of the way from the baseline is behind, 0 to 1; null when the baseline reached the target already.</summary>
    public decimal? Part
    {
        get
        {
            if (Target.IsMet(Baseline.Value))
                return null;
            var from = Target.Side == TargetSide.Between && Baseline.Value > Target.High ? Target.High!.Value : Target.Value!.Value;
            var way = decimal.Abs(Baseline.Value - from);
            return IsMet ? 1 : way == 0 ? 0 : decimal.Clamp((way - decimal.Abs(Last.Value - from)) / way, 0, 1);
        }
    }

    /// <summary>The progress of a goal; null when nothing was measured.</summary>
    /// <param name="readings">All values, oldest first.</param>
    /// <param name="from">Start of the goal, UTC: the baseline is the last value until then, else the first after it.</param>
    public static GoalProgress? Of(GoalTarget target, IReadOnlyList<GoalReading> readings, DateTime from)
    {
        if (!target.IsMeasured || readings.Count == 0)
            return null;
        var first = 0;
        for (var i = 0; i < readings.Count && readings[i].Time <= from; i++)
            first = i;
        var since = readings.Skip(first).ToList();
        var met = 0;
        for (var i = since.Count - 1; i >= 0 && since[i].Time > from && target.IsMet(since[i].Value); i--)
            met++;
        return new(target, since, met);
    }
}
