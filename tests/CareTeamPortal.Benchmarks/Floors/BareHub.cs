using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>SignalR and nothing else: one posts to a group, all in it receive.</summary>
internal static class BareHub
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k => k.ListenLocalhost(port));
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.MapGet("/plain", () => "ok");
        app.MapHub<GroupHub>("/hub", o => o.Transports = HttpTransportType.WebSockets);
        await app.RunAsync();
    }

    internal sealed record Entry(string Patient, string At, string Kind, string Author, string Text);

    internal sealed class GroupHub : Hub
    {
        public Task Join(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

        public Task Post(string group, Entry entry) => Clients.Group(group).SendAsync("Entry", entry);
    }
}
