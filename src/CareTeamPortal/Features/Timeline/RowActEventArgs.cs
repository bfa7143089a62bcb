using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Somebody chose an action of a row. One handler on the list serves all rows; js/feed.js says which.</summary>
public sealed class RowActEventArgs : EventArgs
{
    public string Act { get; set; } = "";
    public string Key { get; set; } = "";
}

/// <summary>Own browser events, found by the Razor compiler.</summary>
[EventHandler("onrowact", typeof(RowActEventArgs), enableStopPropagation: true, enablePreventDefault: true)]
public static class EventHandlers;
