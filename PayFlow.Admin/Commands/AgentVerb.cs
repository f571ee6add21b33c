using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow agent</c>: keeps a till elsewhere in step with central, by way of a host.</summary>
internal sealed class AgentVerb : Verb
{
    private static readonly Option<string?> Url = new("--url") { Description = "The host's address, such as https://payflow.example.com. [default: the one under which the till is registered]", HelpName = "URL" };
    private static readonly Option<string?> Code = new("--code") { Description = "Register the till with this one-time code (payflow terminals code makes one).", HelpName = "CODE" };
    private static readonly Option<string?> DisplayName = new("--name") { Description = "What people call the till.", HelpName = "TEXT" };
    private static readonly Option<bool> Once = new("--once") { Description = "Sync once and end, instead of again and again." };
    private static readonly Option<int> Interval = new("--interval") { Description = "Seconds between two runs.", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };

    private static readonly Option<bool> AcceptMoved = new("--accept-moved") { Description = "The file was moved, or restored, to where it is now on purpose." };

    public AgentVerb(CommandRunner runner)
        : base("agent", "Keep a till on this machine in step with a host elsewhere, over HTTP.", runner, Url, runner.Options.Sqlite, Code, runner.Options.Terminal, DisplayName, Once, Interval, AcceptMoved)
    {
        Add(new AgentStatusVerb(runner));
        Add(new AgentKeyVerb(runner));
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var settings = call.ReadSettings();
        var path = call.RequireSqliteFile();
        var interval = call.Get(Interval);
        if (interval < 1)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--interval {interval} is no time to wait", "Give a whole number of seconds, from 1.");
        var device = await WithFreshKeyAsync(call, path, await RegisteredAsync(call, path));
        var options = new AgentOptions { Interval = TimeSpan.FromSeconds(interval), Sync = settings.Options, AcceptMoved = call.Get(AcceptMoved) };
        await using var agent = new TerminalAgent(path, device, options, call.Time);
        RunReport? comparison = null;
        agent.Compared += report => ShowComparison(call, comparison = report);
        if (call.Get(Once))
        {
            var report = await agent.RunOnceAsync(call.Cancelled);
            KeepHost(path, device);
            return Show(call, device, report, comparison);
        }
        agent.Synced += report =>
        {
            KeepHost(path, device);
            ShowShort(call, report);
        };
        agent.Failed += (failure, pause) => ShowFailure(call, failure, pause);
        var manager = new ServiceManager(call.Environment);
        var isBegun = false;
        agent.StatusChanged += status =>
        {
            // Only now the file is its own: another agent may have had it.
            if (!isBegun)
            {
                isBegun = true;
                call.Output.Line($"Terminal {device.Terminal} syncs with {device.Host} when something happens, and every {interval} seconds. Ctrl-C stops.");
                manager.Tell("READY=1");
            }
            manager.Tell($"STATUS={AgentStatusText.Line(status)}");
        };
        await using var stopping = call.Cancelled.Register(() => manager.Tell("STOPPING=1"));
        // Asked to end it ends in order, and that is no failure: a service manager need not start it again.
        await agent.RunAsync(call.Cancelled);
        return ExitCode.Done;
    }

    private static async Task<DeviceCredentials> RegisteredAsync(Invocation call, string path)
    {
        var known = DeviceFile.Read(path);
        var host = ReadUrl(call.Get(Url)) ?? known?.Host
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, "No host was named", "Give its address: --url https://payflow.example.com");
        if (call.Get(Code) is { } code && !string.IsNullOrWhiteSpace(code))
        {
            var made = await new Registration(path).RegisterAsync(host, code.Trim(), call.Terminal, call.Get(DisplayName), call.Cancelled);
            call.Output.Note($"payflow: registered as terminal {made.Terminal}; the key is in {DeviceFile.PathOf(path)}");
            return made;
        }
        if (known is not { IsRegistered: true })
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is not registered with a host", "Get a code from an administrator (payflow terminals code) and give it once: --code CODE");
        if (call.Terminal is { } asked && asked != known.Terminal)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is registered as terminal {known.Terminal}, not {asked}", "Leave --terminal out, or register it anew with --code.") { Terminal = known.Terminal };
        // Kept when the host has taken the device: an address that was mistyped is not to be used again.
        return known with { Host = host };
    }

    // At the start, when nobody uses the old one. Without a line it stays, and the next start tries again; a refusal is for the run to meet, which notes it.
    private static async Task<DeviceCredentials> WithFreshKeyAsync(Invocation call, string path, DeviceCredentials device)
    {
        // The first use of another key would end the one of an agent that runs.
        if (AgentStatusFile.IsAgentRunning(path))
            return device;
        var change = new KeyChange(path, time: call.Time);
        var isDue = call.Time.GetUtcNow() - device.KeySince >= KeyChange.Life;
        try
        {
            if (device.FormerKey is not null || !IsKept(path, device))
                device = await change.ProveAsync(device, call.Cancelled);
            if (!isDue && device.NextKey is null)
                return device;
            device = await change.ChangeAsync(device, call.Cancelled);
            call.Output.Note($"payflow: the device key was changed{(isDue ? $", as every {KeyChange.Life.TotalDays:0} days" : ", as was begun before")}");
        }
        catch (SyncException e) when (e.IsTransient || e.Code == SyncErrorCode.NotPermitted)
        {
            if (isDue && e.IsTransient)
                call.Output.Note($"payflow: the device key is due to be changed, which waits for the next start: {e.Message}");
            return (DeviceFile.Read(path) ?? device) with { Host = device.Host };
        }
        return device;
    }

    private static bool IsKept(string path, DeviceCredentials device) => DeviceFile.Read(path)?.Host == device.Host;

    // The host did not answer at the start, and has now.
    private static void KeepHost(string path, DeviceCredentials device)
    {
        if (DeviceFile.Read(path) is { } known && known.Host != device.Host && known.Terminal == device.Terminal)
            DeviceFile.Write(path, known with { Host = device.Host });
    }

    private static Uri? ReadUrl(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            ? url
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--url: '{text}' is no host's address", "Write, for example, https://payflow.example.com, without a path.");
    }

    private static int Show(Invocation call, DeviceCredentials device, RunReport report, RunReport? comparison)
    {
        var document = JsonSerializer.SerializeToNode(RunReportJson.Of(report), JsonSerializerOptions.Web)!.AsObject();
        if (comparison is not null)
            document["comparison"] = JsonSerializer.SerializeToNode(RunReportJson.Of(comparison), JsonSerializerOptions.Web);
        call.Output.Json(document);
        RunReportText.Show(call.Output, report, call.RequireSqliteFile(), $"Terminal {device.Terminal} synced with {device.Host}.", new SyncRequest());
        return RunExecution.ExitCodeOf(report);
    }

    private static void ShowComparison(Invocation call, RunReport report)
    {
        var tables = report.Tables;
        if (tables.Sum(t => t.Read) is > 0 and var rows)
            call.Output.Line($"{Figures.Count(rows, "row")} from before compared with central: {Figures.Count(tables.Sum(t => t.Unchanged))} linked, {Figures.Count(tables.Sum(t => t.Inserted))} uploaded, {Figures.Count(tables.Sum(t => t.Updated))} changed, {Figures.Count(tables.Sum(t => t.Conflicts), "conflict")}, {Figures.Count(tables.Sum(t => t.Failed))} failed.");
    }

    private static void ShowShort(Invocation call, RunReport report)
    {
        if (report.Moved > 0 || !report.IsClean)
            call.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{report.CompletedAt:u} {Figures.Count(report.Moved, "row")} moved, {Figures.Count(report.Conflicts, "conflict")}, {Figures.Count(report.FailedRows, "failed row")}"));
    }

    private static void ShowFailure(Invocation call, SyncException failure, TimeSpan pause)
    {
        call.Output.Note($"payflow: {failure.Message}; next attempt in about {Math.Max(1, Math.Round(pause.TotalSeconds))} s");
        if (failure is { IsTransient: false, Hint: { } hint })
            call.Output.Note($"hint: {hint}");
    }
}
