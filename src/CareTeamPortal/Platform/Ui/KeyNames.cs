using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>What stands on the key cap.</summary>
internal static class KeyNames
{
    public static string KeyName(this IStringLocalizer<UiText> text, string key) => key switch
    {
        "Ctrl+K" => text["Key.CtrlK"],
        "Ctrl+Enter" => text["Key.CtrlEnter"],
        _ => key,
    };
}
