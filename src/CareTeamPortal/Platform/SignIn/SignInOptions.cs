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

    /// <summary><c>prompt</c> of each sign-in; <c>consent</c> for providers that give a refresh token only then (OpenID Connect Core 11). Entra ID needs none.</summary>
    public string? Prompt { get; set; }

    /// <summary>False only against a provider on this machine, in tests.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>The issuer's address; null when nothing is configured.</summary>
    public string? EffectiveAuthority =>
        !string.IsNullOrWhiteSpace(Authority) ? Authority.TrimEnd('/')
        : !string.IsNullOrWhiteSpace(Instance) && !string.IsNullOrWhiteSpace(TenantId) ? $"{Instance.TrimEnd('/')}/{TenantId}/v2.0"
        : null;
}

/// <summary>What the provider's claims mean here (section <c>SignIn</c>).</summary>
internal sealed class ClaimOptions
{
    public const string Section = "SignIn";

    /// <summary>Claim with the roles of an account.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Which role here each value of that claim is (<c>SignIn:Roles:urn-huisarts = GeneralPractitioner</c>); without a table the values are the names themselves.</summary>
    public Dictionary<string, Access.Discipline> Roles { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Claim with the organisation.</summary>
    public string OrganisationClaim { get; set; } = "organisation";

    /// <summary>Claim with the RIZIV/NIHII number, by which a first sign-in finds the professional who is known here.</summary>
    public string NihiiClaim { get; set; } = "nihii";

    /// <summary>What a first sign-in without a known RIZIV number becomes.</summary>
    public NewAccounts NewAccounts { get; set; } = NewAccounts.Wait;
}

/// <summary>What becomes of an account that nobody here knows.</summary>
internal enum NewAccounts
{
    /// <summary>It waits for an administrator, who sees what the provider said of it.</summary>
    Wait,

    /// <summary>It gets the role that the provider states: only where everyone with an account there is vouched for.</summary>
    ByRole,
}
