using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow status</c>: how the tills stand.</summary>
internal sealed class StatusVerb : Verb
{
    private const int Listed = 20;

    public StatusVerb(CommandRunner runner)
        : base("status", "Show how a till stands (--sqlite, also when central is down), or all tills that central knows.", runner, runner.Options.Sqlite, runner.Options.Terminal)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        call.ReadSettings();
        if (call.SqliteFile is { } path)
            return await ShowFileAsync(call, path);

        await using var central = await call.OpenCentralAsync();
        var terminals = await ReadAsync(central, call.Terminal, call.Cancelled);
        if (call.Terminal is { } asked && terminals.Count == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {asked}", "payflow status without --terminal lists all that it knows.") { Terminal = asked };
        call.Output.Json(new { ok = true, central = central.Place, terminals });
        if (terminals.Count == 0)
        {
            call.Output.Line($"Central {central.Place} knows no till yet.");
            call.Output.Line("next: payflow attach --sqlite FILE");
        }
        foreach (var terminal in terminals)
            StatusText.Show(call.Output, terminal);
        return ExitCode.Done;
    }

    private static async Task<int> ShowFileAsync(Invocation call, string path)
    {
        var id = TerminalFile.RequireAttached(call, path);
        TerminalStatus status;
        try
        {
            await using var central = await call.OpenCentralAsync();
            var known = (await ReadAsync(central, id, call.Cancelled)).SingleOrDefault();
            status = (known ?? new TerminalStatus { Terminal = id, CentralError = $"central {central.Place} does not know this till" }) with { Local = Told(TerminalInspection.Read(path, Listed), await UpOnlyAsync(central, call.Cancelled)) };
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.CentralUnavailable)
        {
            status = new TerminalStatus { Terminal = id, CentralError = e.Message, Local = TerminalInspection.Read(path, Listed) };
        }
        call.Output.Json(new { ok = true, terminals = new[] { status } });
        StatusText.Show(call.Output, status);
        return ExitCode.Done;
    }

    private static async Task<List<TerminalStatus>> ReadAsync(OpenedCentral central, string? terminal, CancellationToken cancellationToken)
    {
        var registered = await new TerminalRegistry(central.Source).ListAsync(cancellationToken);
        var runs = await new RunLog(central.Source).LastRunsAsync(cancellationToken);
        var conflicts = new ConflictList(central.Source);
        var upOnly = await UpOnlyAsync(central, cancellationToken);
        var result = new List<TerminalStatus>();
        foreach (var record in registered.Where(r => terminal is null || r.Id == terminal))
        {
            result.Add(new TerminalStatus
            {
                Terminal = record.Id,
                Registered = record,
                LastRun = runs.GetValueOrDefault(record.Id),
                Conflicts = await conflicts.ListOpenAsync(record.Id, Listed, cancellationToken),
                Local = ReadLocal(record) is { } local ? Told(local, upOnly) : null,
            });
        }
        return result;
    }

    // The file itself does not know which of its tables nothing ever comes down to.
    private static async Task<HashSet<string>> UpOnlyAsync(OpenedCentral central, CancellationToken cancellationToken) =>
        (await new TableMapStore(central.Source).LoadAsync(cancellationToken)).Map.Tables.Where(t => t.Direction == SyncDirection.Pull).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static TerminalView Told(TerminalView local, HashSet<string> upOnly) =>
        local with { Tables = [.. local.Tables.Select(t => upOnly.Contains(t.Table) ? t with { Load = TableCheckpoint.NoLoad } : t)] };

    // A file on this machine says more than central remembers of it; one that cannot be read here is not this status's trouble.
    private static TerminalView? ReadLocal(TerminalRecord record)
    {
        if (record is not { State: Sync.Engine.Central.Metadata.TerminalState.Active, FilePath: { } path } || !File.Exists(path))
            return null;
        try
        {
            var view = TerminalInspection.Read(path, Listed);
            return view.Terminal == record.Id ? view : null;
        }
        catch (SyncException)
        {
            return null;
        }
    }
}
