using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Marker of the words of the sign-in page (SignInText.resx).</summary>
public sealed class SignInText;

/// <summary>Words of signing in for who has no localizer at hand.</summary>
internal static class SignInWords
{
    private static readonly Words Words = new(typeof(SignInText));

    public static string Get(string key) => Words.Get(key);
}
