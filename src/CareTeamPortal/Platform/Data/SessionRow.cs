using CareTeamPortal.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CareTeamPortal.Platform.Data;

/// <summary>A signed-in session of a person: what a cookie names. It ends once and never comes back.</summary>
public sealed class SessionRow
{
    /// <summary>Random, 128 bits as hexadecimals.</summary>
    public required string Id { get; init; }
    public required PersonId PersonId { get; init; }
    public required DateTime StartedAt { get; init; }

    /// <summary>When the person last did something, to the minute.</summary>
    public required DateTime SeenAt { get; set; }

    /// <summary>When it ends whatever the person does.</summary>
    public required DateTime EndsAt { get; init; }
    public DateTime? EndedAt { get; set; }

    /// <summary>SessionEnd as a number.</summary>
    public int? EndedWhy { get; set; }

    /// <summary>When the person last proved again who they are (break-glass).</summary>
    public DateTime? ProvedAt { get; set; }

    /// <summary>The browser in a few words, for the person's own list: "Firefox, Linux".</summary>
    public string? Browser { get; init; }

    /// <summary>Session at the OpenID provider (<c>sid</c>), which its back-channel sign-out names.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>Refresh token, sealed: asks the provider whether the account still may.</summary>
    public string? ProviderToken { get; set; }

    /// <summary>When the provider was last asked.</summary>
    public DateTime? CheckedAt { get; set; }
}

internal sealed class SessionMapping : IEntityTypeConfiguration<SessionRow>
{
    public void Configure(EntityTypeBuilder<SessionRow> builder)
    {
        builder.ToTable("Sessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).HasMaxLength(32).IsUnicode(false);
        builder.Property(s => s.Browser).HasMaxLength(80);
        builder.Property(s => s.ProviderSession).HasMaxLength(200);
        builder.HasIndex(s => new { s.PersonId, s.EndedAt });
        builder.HasIndex(s => new { s.EndedAt, s.SeenAt });
        builder.HasIndex(s => s.ProviderSession);
    }
}
