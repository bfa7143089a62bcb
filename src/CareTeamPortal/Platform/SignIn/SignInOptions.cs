namespace CareTeamPortal.Platform.SignIn;

/// <summary>How people sign in.</summary>
internal enum SignInMode
{
    /// <summary>Fictional people behind buttons; loopback only unless <c>Demo:AllowRemote</c>.</summary>
    Demo,
    OpenIdConnect,
}

/// <summary>The provider: the section that Microsoft.Identity.Web reads, plus <c>Authority</c> for any other provider.</summary>
internal sealed class AzureAdOptions
{
    public const string Section = "AzureAd";

    public string? Instance { get; set; }
    public string? TenantId { get; set; }
    public string? Authority { get; set; }
    public string? ClientId { get; set; }
    public string? ClientSecret { get; set; }
    public string CallbackPath { get; set; } = "/signin-oidc";

    /// <summary>False only against a provider on this machine, in tests.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>The issuer's address; null when nothing is configured.</summary>
    public string? EffectiveAuthority =>
        !string.IsNullOrWhiteSpace(Authority) ? Authority.TrimEnd('/')
        : !string.IsNullOrWhiteSpace(Instance) && !string.IsNullOrWhiteSpace(TenantId) ? $"{Instance.TrimEnd('/')}/{TenantId}/v2.0"
        : null;
}
