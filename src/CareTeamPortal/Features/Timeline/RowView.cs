using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>A row of the feed with every word ready: rendering it computes nothing.</summary>
public sealed record RowView
{
    /// <summary>Element id and name in links: from the resource behind it, never its number in the file, with which a limited viewer could count.</summary>
    public required string Key { get; init; }

    /// <summary>By which the page knows the row again among others; never sent. Quicker to compare than the key.</summary>
    internal object Identity { get => field ?? Key; init; }

    /// <summary>Local day under whose heading it stands.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Clock time, or the date as exact as the source knew it.</summary>
    public required string Time { get; init; }

    /// <summary>The whole moment, for a title.</summary>
    public required string FullTime { get; init; }

    /// <summary>For the <c>datetime</c> attribute.</summary>
    public required string Stamp { get; init; }
    public required EntryKind Kind { get; init; }
    public required string Word { get; init; }
    public required string Icon { get; init; }
    public string? Author { get; init; }
    public string? Role { get; init; }
    public CareLine? Line { get; init; }
    public bool Mine { get; init; }
    public bool IsNew { get; init; }

    /// <summary>Who can read it, in words.</summary>
    public required string Audience { get; init; }
    public bool Restricted { get; init; }

    /// <summary>Heading of the card; null when the text says it all.</summary>
    public string? Title { get; init; }
    public MarkupString? Html { get; init; }

    /// <summary>The rest of a long text, shown on request.</summary>
    public MarkupString? MoreHtml { get; init; }

    /// <summary>Words of the patient or the caregiver: the only serif.</summary>
    public bool OwnVoice { get; init; }
    /// <summary>The title is the patient's own sentence (a goal).</summary>
    public bool TitleIsVoice { get; init; }
    public IReadOnlyList<ValueView> Values { get; init; } = [];

    /// <summary>How the first value moved, from what stands in the feed.</summary>
    public TrendView? Trend { get; init; }

    /// <summary>The early warning score that its values complete.</summary>
    public WarningScore? Warning { get; init; }

    /// <summary>Still to come.</summary>
    public bool Planned { get; init; }
    public IReadOnlyList<FileView> Files { get; init; } = [];
    public QuestionView? Question { get; init; }


    /// <summary>Where a hand-off stands, or that a referral can become one.</summary>
    public HandoffLink? Handoff { get; init; }

    /// <summary>Small lines under the text: status, until, source.</summary>
    public string? Small { get; init; }
    public bool Pinned { get; init; }
    public string? PinnedBy { get; init; }
    public string? Corrected { get; init; }
    public string? Retracted { get; init; }

    /// <summary>What an answer answers, when that stands elsewhere in the feed.</summary>
    public (string Key, string Title)? Answers { get; init; }
    /// <summary>Answers that this reader may see.</summary>
    public int AnswerCount { get; init; }

    /// <summary>The answers, when the thread is open.</summary>
    public IReadOnlyList<RowView> Replies { get; init; } = [];
    public bool MayReply { get; init; }

    /// <summary>A task can be made of it.</summary>
    public bool MayTask { get; init; }

    /// <summary>It is a task with a panel of its own.</summary>
    public bool IsTask { get; init; }
    /// <summary>Shown to somebody who only looks: nothing to press, not even what merely shows more.</summary>
    public bool Still { get; init; }
    public bool MayCorrect { get; init; }
    public bool MayRetract { get; init; }
    public bool MayPin { get; init; }

    /// <summary>Several observations of one moment in one card.</summary>
    public bool IsRound { get; init; }

    /// <summary>Rail of the accountability ribbon beside this row: 0, 1, 2, or null when nobody was.</summary>
    public int? Ribbon { get; init; }

    /// <summary>Rail of the ribbon just below this row, when it crosses here.</summary>
    public int? RibbonBelow { get; init; }

    /// <summary>The row as HTML, once somebody has drawn it; all who share the row share it.</summary>
    internal RowMarkup? Markup { get => field is { } made && ReferenceEquals(made.Of, this) ? made : null; set; }
}

/// <summary>From a row to its hand-off.</summary>
/// <param name="State">"aangeboden"; null for a referral.</param>
/// <param name="Waits">Somebody has to accept it.</param>
/// <param name="IsMine">The reader is asked.</param>
public sealed record HandoffLink(string Href, string Word, string? State, bool Waits, bool IsMine);

/// <summary>One measured value of a row.</summary>
public sealed record ValueView(string Label, string Value, string? Unit, string? Range, bool OutOfRange, string? Flag);

/// <summary>The course of one quantity up to a row.</summary>
/// <param name="Shape">The line.</param>
/// <param name="Label">The same in a sentence, for a screen reader.</param>
/// <param name="Change">Since the time before: +0,7 kg sinds ma 16 nov.</param>
public sealed record TrendView(Platform.Ui.SparklineShape Shape, string Label, string Change);

/// <summary>NEWS2 on a row: short, and how it came about.</summary>
/// <param name="Summary">"NEWS2 5, matig".</param>
/// <param name="Means">What it asks for.</param>
/// <param name="Scale">On which saturation scale.</param>
/// <param name="Parts">Name, value and points of each part.</param>
/// <param name="Css">Class of the tag.</param>
public sealed record WarningScore(string Summary, string Means, string Scale, IReadOnlyList<(string Name, string Value, int Points)> Parts, string Css);

/// <summary>One attachment of a row.</summary>
public sealed record FileView(string Href, string Name, string Size, bool IsPicture);

/// <summary>Where a question stands.</summary>
public sealed record QuestionView(string Deadline, string Left, bool Overdue, string? Owner, CareLine? OwnerLine, bool OwnerIsMe, bool Answered)
{
    /// <summary>The role to which it was put, in words: "de thuisverpleging".</summary>
    public string? Asked { get; init; }
}
