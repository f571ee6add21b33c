using System.CommandLine;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow serve</c>: the host. Syncs all attached tills by the schedule until it is stopped.</summary>
internal sealed class ServeVerb : Verb
{
    private const string UrlsVariable = "ASPNETCORE_URLS";

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Where to listen; several are separated by semicolons. [environment: {UrlsVariable}; default: {AdminHost.DefaultUrls}]",
        HelpName = "URLS",
    };

    public ServeVerb(CommandRunner runner)
        : base("serve", "Run the host: sync all attached tills by SYNC_CRON (SYNC_MODE=cron), answer /health/live and /health/ready.", runner, Urls)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var settings = call.ReadSettings();
        var urls = ReadUrls(call.Get(Urls) ?? call.Environment(UrlsVariable) ?? AdminHost.DefaultUrls);
        if (call.SqliteFile is { } file && TerminalInspection.FindTerminal(file) is null)
            call.Output.Note($"payflow: {file} is not attached and will not be synced; payflow attach --sqlite {file} does that");
        await using var central = await call.OpenCentralAsync();
        await using var host = AdminHost.Build(central.Source, central.Place, settings, urls, call.Environment);
        try
        {
            await host.StartAsync(call.Cancelled);
        }
        catch (IOException e)
        {
            throw new SyncException(SyncErrorCode.Unexpected, $"The host cannot listen on {string.Join(" and ", urls)}: {e.Message.ReplaceLineEndings(" ")}", "Choose another port: --urls http://127.0.0.1:5081", e);
        }
        call.Output.Json(new { ok = true, urls = host.Urls, central = central.Place, schedule = settings.Schedule?.Text });
        call.Output.Line($"PayFlow serves {string.Join(" and ", host.Urls)} with central {central.Place}.");
        call.Output.Line(settings.Schedule is { } schedule
            ? $"Attached tills are synced by the schedule {schedule.Text} (UTC). Ctrl-C stops."
            : "No schedule: set SYNC_MODE=cron and SYNC_CRON to sync by itself. Ctrl-C stops.");
        if (host.Services.GetRequiredService<SecurityStart>().SetUpPath is { } path)
        {
            call.Output.Line("Nobody can sign in yet. Make the first administrator here; the link works once, for 24 hours:");
            call.Output.Line($"  {ReachableUrl(host.Urls.First())}{path}");
        }
        // Also ends by the host's own means, such as a service manager.
        await using var ended = call.Cancelled.Register(host.Lifetime.StopApplication);
        await host.WaitForShutdownAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    // "http://[::]:5080" and "http://0.0.0.0:5080" say where to listen, not where to go.
    private static string ReachableUrl(string url) =>
        new UriBuilder(url.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)) is var address && address.Host is "0.0.0.0" or "[::]"
            ? $"{address.Scheme}://localhost:{address.Port}"
            : $"{address.Scheme}://{address.Host}:{address.Port}";

    private static string[] ReadUrls(string text)
    {
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // http://*:5080 and http://+:5080 listen on every address, and are no URIs.
        var wrong = urls.FirstOrDefault(u => !Uri.TryCreate(u.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/");
        if (wrong is not null || urls.Length == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--urls: '{wrong ?? text}' is no address to listen on", $"Write, for example, {AdminHost.DefaultUrls}.");
        return urls;
    }
}
