namespace CareTeamPortal.Platform;

/// <summary>Time as it is stored.</summary>
internal static class Clock
{
    /// <summary>Now in UTC, truncated to the microsecond: what SQL Server and PostgreSQL keep without rounding.</summary>
    public static DateTime UtcMicroseconds(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }
}
