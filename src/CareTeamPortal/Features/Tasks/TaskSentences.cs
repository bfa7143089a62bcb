using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Tasks;

/// <summary>What pages say about tasks, in sentences.</summary>
internal static class TaskSentences
{
    /// <summary>What is told about a file: "De zorgrelatie van Pieter Wouters eindigt op 2 december".</summary>
    public static string OfFile(ReadNotices.AboutFile notice, DateTime now)
    {
        var until = notice.Until is { } at ? BelgianTime.Moment(at, now) : "";
        var kind = "File." + notice.Kind;
        return notice.Kind switch
        {
            Platform.Data.FileNoticeKind.RelationEnds => TaskWords.Get(kind + (notice.AboutMe ? ".Me" : notice.MyOwnFile ? ".Mine" : ""), until, notice.About),
            Platform.Data.FileNoticeKind.Invited => TaskWords.Get(kind + (notice.Until is null ? "" : ".Until"), until, notice.About),
            Platform.Data.FileNoticeKind.GlassBroken or Platform.Data.FileNoticeKind.Joined or Platform.Data.FileNoticeKind.Comes => TaskWords.Get(kind + (notice.MyOwnFile ? ".Mine" : ""), until, notice.About),
            _ => TaskWords.Get(kind, until, notice.About),
        };
    }

    /// <summary>Why it was not done, or null when it was.</summary>
    public static string? Why(TaskResult result, DateTime now) => result switch
    {
        TaskDone => null,
        TakenAlready { At: { } at } taken => TaskWords.Get("Why.Taken", taken.By, BelgianTime.Moment(at, now)),
        TakenAlready taken => TaskWords.Get("Why.TakenNow", taken.By),
        TaskChangedMeanwhile => TaskWords.Get("Why.Meanwhile"),
        TaskRefused { Rule: TaskRule.IllegalTransition } refused => TaskWords.Get("Why.IllegalTransition", TaskWords.State(refused.From)),
        TaskRefused refused => TaskWords.Get("Why." + refused.Rule),
        _ => TaskWords.Get("Why.Gone"),
    };

    /// <summary>Who answers for it now: "Sofie Maes is verantwoordelijk" or "dr. Janssens blijft verantwoordelijk tot Sofie Maes aanvaardt".</summary>
    public static string Accountable(TaskView task, PersonId viewer)
    {
        var who = task.AccountableId == viewer ? null : task.Accountable;
        if (task.AccountableId is null)
            return TaskWords.Get("Answers.Nobody");
        if (!task.State.IsOpen())
            return TaskWords.Get("Answers.Closed");
        if (task.AccountableAs == AccountableAs.Owner && task.Delegate is { } asked)
            return who is null ? TaskWords.Get("Answers.MeUntil", asked) : TaskWords.Get("Answers.Until", who, asked);
        if (task.AccountableAs == AccountableAs.Owner)
            return who is null ? TaskWords.Get("Answers.Me") : TaskWords.Get("Answers.Owner", who);
        var until = task.OwnerKind == OwnerKind.Person && task.Owner is { } owner ? owner : TaskWords.Get("Answers.Somebody");
        if (task.OwnerId == viewer)
            until = TaskWords.Get("Answers.You");
        return who is null ? TaskWords.Get("Answers.MeUntil", until) : TaskWords.Get("Answers.Until", who, until);
    }

    /// <summary>When it has to be done, in words; late says how late.</summary>
    public static string Due(TaskView task, DateTime now) => task.DueAt is not { } due ? TaskWords.Get("Due.None")
        : task.Late ? TaskWords.Get("Due.Late", BelgianTime.Duration(now - due)) : TaskWords.Get("Due.By", BelgianTime.Moment(due, now));

    /// <summary>A repeat rule in words.</summary>
    public static string Repeat(RepeatRule rule)
    {
        if (rule.Unit == RepeatUnit.Week && rule.Days.Count > 0)
        {
            var days = string.Join(", ", rule.Days.OrderBy(d => ((int)d + 6) % 7).Select(d => BelgianTime.Culture.DateTimeFormat.GetDayName(d)));
            return rule.Every == 1 ? TaskWords.Get("Repeats.OnDays", days) : TaskWords.Get("Repeats.WeeksDays", rule.Every, days);
        }

        return TaskWords.Get(rule.Every == 1 ? $"Repeats.{rule.Unit}" : $"Repeats.{rule.Unit}s", rule.Every);
    }

    /// <summary>What a reminder says.</summary>
    public static string Notice(NoticeKind kind, TaskView task, DateTime now) => kind switch
    {
        NoticeKind.DueSoon => TaskWords.Get("Notice.DueSoon", task.DueAt is { } due ? BelgianTime.Moment(due, now) : ""),
        NoticeKind.OverdueOwner => TaskWords.Get("Notice.OverdueOwner", Late(task, now)),
        NoticeKind.OverdueAccountable or NoticeKind.OverdueCoordinator => TaskWords.Get("Notice.Overdue", task.Owner, Late(task, now)),
        NoticeKind.UntakenOwner => TaskWords.Get("Notice.UntakenOwner", task.Requester),
        NoticeKind.UntakenAccountable or NoticeKind.UntakenCoordinator => TaskWords.Get("Notice.Untaken", task.Delegate ?? task.Owner),
        NoticeKind.Alert => TaskWords.Get("Notice.Alert"),
        NoticeKind.NoDeadline => TaskWords.Get("Notice.NoDeadline"),
        NoticeKind.YoursToAnswer => TaskWords.Get("Notice.YoursToAnswer"),
        NoticeKind.NobodyLeft => TaskWords.Get("Notice.NobodyLeft", task.Owner),
        _ => TaskWords.Get("Notice.PeriodOver"),
    };

    private static string Late(TaskView task, DateTime now) => task.DueAt is { } due && due < now ? BelgianTime.Duration(now - due) : "";
}

/// <summary>Under which heading a task stands in a list.</summary>
internal enum DueGroup
{
    Late,
    Today,
    Tomorrow,
    ThisWeek,
    Later,
    NoDate,
}

/// <summary>Puts tasks under their heading.</summary>
internal static class DueGroups
{
    /// <summary>The heading of a due moment; weeks end on Sunday.</summary>
    public static DueGroup Of(DateTime? due, DateTime now)
    {
        if (due is not { } at)
            return DueGroup.NoDate;
        if (at < now)
            return DueGroup.Late;
        var today = BelgianTime.DayOf(now);
        var day = BelgianTime.DayOf(at);
        if (day == today)
            return DueGroup.Today;
        if (day == today.AddDays(1))
            return DueGroup.Tomorrow;
        return day <= today.AddDays((7 - (int)today.DayOfWeek) % 7) ? DueGroup.ThisWeek : DueGroup.Later;
    }
}
