using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>Somebody at an end of the ribbon.</summary>
public sealed record HandoffEnd(string Name, string? Role, CareLine? Line, bool IsViewer);

/// <summary>The head of a hand-off in words: who answers for the care now, and who is asked.</summary>
public sealed record HandoffHeadView
{
    public required string Title { get; init; }
    public required string Patient { get; init; }
    public string? Age { get; init; }
    public string? Number { get; init; }
    public IReadOnlyList<string> Allergies { get; init; } = [];
    public required HandoffEnd From { get; init; }
    public required HandoffEnd To { get; init; }

    /// <summary>0 waits, 1 moved, 2 stayed.</summary>
    public required int Ribbon { get; init; }
    public required string NowLabel { get; init; }
    public required string NextLabel { get; init; }

    /// <summary>"wacht 15 u 15, vóór 16:50".</summary>
    public string? Waits { get; init; }
    public bool Late { get; init; }

    /// <summary>Who is responsible, literally.</summary>
    public required string Rule { get; init; }
    public required string RuleMore { get; init; }
    public required string StateWords { get; init; }
    public required string SenderFirst { get; init; }
    public string? PatientOwner { get; init; }
    public bool HasOpenQuestion { get; init; }

    /// <summary>The other side has the file open now.</summary>
    public string? Here { get; init; }
    public CareLine? HereLine { get; init; }

    internal static HandoffHeadView Of(ReadHandoff.Result read, ReadBanner.Banner banner, Actor viewer, PeopleDirectory people, IReadOnlyList<BannerVisitor> here, DateTime now)
    {
        var task = read.Task;
        var content = task.Handoff!;
        HandoffEnd End(TaskParty? party, string unknown) => party?.Person is { } id && people.Find(id) is { } person
            ? new HandoffEnd(person.DisplayName, person.RoleTitle, person.Line, id == viewer.Person)
            : new HandoffEnd(SafeText.Line(party?.Display ?? unknown, 80), party?.Kind switch { OwnerKind.Role => HandoffWords.Get("Receiver.AsRole"), OwnerKind.Organisation => HandoffWords.Get("Receiver.AsQueue"), _ => null }, party?.Line, false);
        var from = End(task.Requester, HandoffWords.Get("Sender.Unknown"));
        var to = End(task.Owner, HandoffWords.Get("Receiver.Unknown"));
        var sender = from.IsViewer ? HandoffWords.Get("You") : ReadMyDay.FirstName(from.Name);
        var receiver = read.MayAnswer || to.IsViewer ? HandoffWords.Get("You.Lower") : to.Name;
        var accountable = read.View.AccountableId is { } a && people.Find(a) is { } p ? p.Id == viewer.Person ? HandoffWords.Get("You") : p.DisplayName : sender;
        var verb = accountable == HandoffWords.Get("You") ? "Rule.YouStay" : "Rule.Stays";
        var (rule, ribbon) = task.State switch
        {
            _ when task.State.IsAsked() => (HandoffWords.Get(verb + (read.MayAnswer ? ".UntilYou" : ".Until"), accountable, receiver), 0),
            _ when task.State.IsTaken() => (to.IsViewer ? HandoffWords.Get("Rule.YouHave", task.AcceptedAt is { } since ? BelgianTime.Moment(since, now) : "") : HandoffWords.Get("Rule.Has", to.Name, task.AcceptedAt is { } at ? BelgianTime.Moment(at, now) : ""), 1),
            TaskState.Rejected => (HandoffWords.Get("Rule.Declined", to.Name, from.IsViewer ? HandoffWords.Get("You.Lower") : from.Name), 2),
            TaskState.Cancelled => (HandoffWords.Get("Rule.Withdrawn", from.IsViewer ? HandoffWords.Get("You.Lower") : from.Name), 2),
            TaskState.Completed => (HandoffWords.Get("Rule.Ended", banner.Accountable?.Name ?? from.Name), 1),
            _ => (HandoffWords.Get("Rule.None"), 2),
        };
        var owner = banner.Accountable?.Name;
        var other = here.FirstOrDefault(h => h.Name == (read.IsSender ? to.Name : from.Name));
        return new HandoffHeadView
        {
            Title = SafeText.Line(task.Title, 200), Patient = SafeText.Line(banner.Name, 80), Age = banner.BirthDate is { } born && !banner.Deceased ? BelgianTime.Age(born, BelgianTime.DayOf(now)) : null, Number = banner.MaskedInsz,
            Allergies = [.. banner.Allergies.Take(4).Select(w => w.Text)], From = from, To = to, Ribbon = ribbon,
            NowLabel = HandoffWords.Get(ribbon == 1 ? task.IsOpen ? "Head.Before" : "Head.From" : "Head.Now"), NextLabel = HandoffWords.Get(ribbon switch { 0 => read.MayAnswer ? "Head.AfterYou" : "Head.After", 1 => task.IsOpen ? "Head.Now" : "Head.Had", _ => "Head.Asked" }),
            Waits = !task.State.IsAsked() ? null : (task.AcceptBy ?? read.View.AcceptBy) is { } by ? HandoffWords.Get(by < now ? "Head.Late" : "Head.Waits", BelgianTime.Duration(now - task.AuthoredOn), BelgianTime.Moment(by, now)) : HandoffWords.Get("Head.WaitsOnly", BelgianTime.Duration(now - task.AuthoredOn)),
            Late = task.State.IsAsked() && (task.AcceptBy ?? read.View.AcceptBy) < now, Rule = Capital(rule),
            RuleMore = task.State.IsAsked() ? content.Scope is not null && owner is not null && owner != accountable ? HandoffWords.Get("Rule.NoGap.Owner", Capital(owner)) : HandoffWords.Get("Rule.NoGap") : content.Scope is not null && task.State.IsTaken() && owner is not null && owner != to.Name ? HandoffWords.Get("Rule.Owner", Capital(owner)) : "",
            StateWords = task.Business is { } business ? HandoffWords.Get("State." + (task.State.IsAsked() && (task.AcceptBy ?? read.View.AcceptBy) < now ? HandoffStatus.Escalated : business), to.Name) : HandoffWords.Get("State.offered", to.Name),
            SenderFirst = ReadMyDay.FirstName(from.Name), PatientOwner = owner, HasOpenQuestion = content.Clarifications.Any(c => c.Answer is null),
            Here = other?.Name, HereLine = other?.Line,
        };
    }

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpper(words[0], BelgianTime.Culture) + words[1..];
}
