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

    internal static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Where to listen; several are separated by semicolons. [environment: {UrlsVariable}; default: {AdminHost.DefaultUrls}]",
        HelpName = "URLS",
    };

    public ServeVerb(CommandRunner runner)
        : base("serve", "Run the host: the console in the browser, the API, and all syncs by schedule.", runner, Urls)
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
        await HostStart.RunAsync(host, urls, call.Cancelled);
        call.Output.Json(new { ok = true, urls = host.Urls, central = central.Place, schedule = settings.Schedule?.Text });
        call.Output.Line($"PayFlow serves {string.Join(" and ", host.Urls)} with central {central.Place}. Open it in a browser: {HostStart.Address(host)}");
        call.Output.Line(settings.Schedule is { } schedule
            ? $"The environment's schedule is {schedule.Text} (UTC); the console can change it and add others. Ctrl-C stops."
            : "The environment names no schedule: make one in the console, or set SYNC_MODE=cron and SYNC_CRON. Ctrl-C stops.");
        if (host.Services.GetRequiredService<SecurityStart>().SetUpPath is { } path)
        {
            call.Output.Line("Nobody can sign in yet. Make the first administrator here; the link works once, for 24 hours:");
            call.Output.Line($"  {HostStart.Address(host)}{path}");
        }
        // Also ends by the host's own means, such as a service manager.
        await using var ended = call.Cancelled.Register(host.Lifetime.StopApplication);
        await host.WaitForShutdownAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    internal static string[] ReadUrls(string text)
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
