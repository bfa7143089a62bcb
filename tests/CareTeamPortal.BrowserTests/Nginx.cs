using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CareTeamPortal.BrowserTests;

/// <summary>Debian's nginx with the configuration of docs/deployment, on 127.0.0.1 and without TLS, before nodes of this test.</summary>
internal sealed partial class Nginx : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-nginx-").FullName;
    private readonly Process _process;

    public Nginx(params PortalProcess[] nodes)
    {
        var nginx = Machine.Need("nginx");
        var port = Machine.FreePort();
        Url = $"http://127.0.0.1:{port}";
        var portal = File.ReadAllText(Path.Combine(Machine.Root, "docs", "deployment", "nginx", "portal.conf"));
        portal = Servers().Replace(portal, "");
        portal = portal.Replace("hash $careteam_node consistent;", "hash $careteam_node consistent;\n" + string.Concat(nodes.Select(n => $"    server {new Uri(n.Url).Authority} max_fails=1 fail_timeout=1s;\n")), StringComparison.Ordinal);
        portal = Plain().Replace(portal, "");
        portal = portal.Replace("listen 443 ssl;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal).Replace("http2 on;", "", StringComparison.Ordinal).Replace("; Secure", "", StringComparison.Ordinal);
        portal = Certificates().Replace(portal, "");
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), $$"""
            daemon off; pid {{_folder}}/nginx.pid; error_log {{_folder}}/error.log; worker_processes 1;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{_folder}}/body; proxy_temp_path {{_folder}}/proxy; fastcgi_temp_path {{_folder}}/fastcgi; uwsgi_temp_path {{_folder}}/uwsgi; scgi_temp_path {{_folder}}/scgi;
                {{portal}}
            }
            """);
        _process = Process.Start(new ProcessStartInfo(nginx, ["-p", _folder, "-c", Path.Combine(_folder, "nginx.conf")]) { RedirectStandardError = true })!;
    }

    public string Url { get; }

    /// <summary>Waits until it answers.</summary>
    public async Task<Nginx> StartedAsync()
    {
        using var http = new HttpClient();
        await Wait.UntilAsync(async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException("nginx ended: " + await _process.StandardError.ReadToEndAsync());
            using var answer = await http.GetAsync(Url + "/health/live");
            return true;
        }, TimeSpan.FromSeconds(20), "nginx answers");
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        using (var quit = Process.Start("kill", ["-QUIT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!)
            await quit.WaitForExitAsync();
        using (var end = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!)
            await end.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"^    server portal\d.*\n", RegexOptions.Multiline)]
    private static partial Regex Servers();

    [GeneratedRegex(@"^server \{\n    listen 80;.*?^\}\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^    ssl_certificate.*\n", RegexOptions.Multiline)]
    private static partial Regex Certificates();
}
