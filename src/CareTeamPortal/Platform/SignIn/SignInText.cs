namespace CareTeamPortal.Platform.SignIn;

/// <summary>Marker of the words of the sign-in page (SignInText.resx).</summary>
public sealed class SignInText;
