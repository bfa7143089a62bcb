using System.Globalization;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Population;

/// <summary>By what the list of members is ordered.</summary>
public enum MemberOrder
{
    /// <summary>Who is stuck first: the longest wait, then what is late.</summary>
    Stuck = 0,
    Name = 1,
    City = 2,
    Late = 3,
    Since = 4,
}

/// <summary>From which care line to which. The third line shares the hospital's.</summary>
public readonly record struct LinePair(CareLine From, CareLine To)
{
    private const int Lines = 5;

    public static LinePair? Of(CareLine? from, CareLine? to) => from is { } a && to is { } b ? new(Hospital(a), Hospital(b)) : null;

    private static CareLine Hospital(CareLine line) => line == CareLine.Third ? CareLine.Second : line;

    /// <summary>As a label of figures; never 0.</summary>
    public int Code => 1 + ((int)From * Lines) + (int)To;

    /// <summary>The pair of a label; null for none.</summary>
    public static LinePair? OfCode(int code) => code is > 0 and <= Lines * Lines ? new((CareLine)((code - 1) / Lines), (CareLine)((code - 1) % Lines)) : null;

    /// <summary>As an address says it: "2-1".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int)From}-{(int)To}");

    public static LinePair? Parse(string? text) =>
        text is [>= '0' and <= '4', '-', >= '0' and <= '4'] ? Of((CareLine)(text[0] - '0'), (CareLine)(text[2] - '0')) : null;
}

/// <summary>What the address of the page says: places and codes, never names of members.</summary>
public sealed record PopulationQuery
{
    /// <summary>Longer names of places and organisations are no filter.</summary>
    private const int Longest = 80;

    private static readonly MemberOrder[] DescendingFirst = [MemberOrder.Stuck, MemberOrder.Late, MemberOrder.Since];

    public string? Region { get; init; }
    public string? Organisation { get; init; }
    public LinePair? Pair { get; init; }

    /// <summary>Also the members of whom nothing asks for action.</summary>
    public bool All { get; init; }
    public MemberOrder Order { get; init; }
    public bool Reversed { get; init; }

    public bool IsFiltered => Region is not null || Organisation is not null || Pair is not null;

    /// <summary>How many filters are on.</summary>
    public int Filters => (Region is null ? 0 : 1) + (Organisation is null ? 0 : 1) + (Pair is null ? 0 : 1);

    /// <summary>What is highest comes first.</summary>
    public bool IsDescending => DescendingFirst.Contains(Order) != Reversed;

    /// <summary>From the values of a query string; what is not understood is left out.</summary>
    public static PopulationQuery Of(string? region, string? organisation, string? pair, string? show, string? sort, string? direction) => new()
    {
        Region = Name(region),
        Organisation = Name(organisation),
        Pair = LinePair.Parse(pair),
        All = show == "all",
        Order = Enum.TryParse<MemberOrder>(sort, ignoreCase: true, out var order) && Enum.IsDefined(order) && !char.IsAsciiDigit(sort![0]) ? order : MemberOrder.Stuck,
        Reversed = direction == "reverse",
    };

    private static string? Name(string? text) => text?.Trim() is { Length: > 0 and <= Longest } name ? name : null;

    /// <summary>The query string; empty when nothing is asked.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Region is not null)
            parts.Add("region=" + Uri.EscapeDataString(Region));
        if (Organisation is not null)
            parts.Add("organisation=" + Uri.EscapeDataString(Organisation));
        if (Pair is { } pair)
            parts.Add("pair=" + pair);
        if (All)
            parts.Add("show=all");
        if (Order != MemberOrder.Stuck)
            parts.Add("sort=" + Order.ToString().ToLowerInvariant());
        if (Reversed)
            parts.Add("dir=reverse");
        return string.Join('&', parts);
    }

    /// <summary>Ordered by this; once more, the other way round.</summary>
    public PopulationQuery By(MemberOrder order) => this with { Order = order, Reversed = order == Order && !Reversed };
}
