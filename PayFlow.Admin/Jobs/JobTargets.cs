using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs;

/// <summary>Checks a request, and says which terminals it is about: each gets a job of its own.</summary>
internal sealed class JobTargets(NpgsqlDataSource central)
{
    /// <summary>The terminals; a single null for a job that is about none.</summary>
    /// <exception cref="SyncException">The request names what there is not, or lacks something.</exception>
    public async Task<IReadOnlyList<string?>> FindAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (request.Retry.Attempts is < 1 or > JobRetry.MaxAttempts)
            throw Wrong($"{request.Retry.Attempts} attempts cannot be made", $"Ask for 1 to {JobRetry.MaxAttempts}.");
        await RequireTablesAsync(request.Tables, cancellationToken);
        switch (request.Kind)
        {
            case JobKind.Resolve when request.Choice is null:
                throw Wrong("It was not said how the conflicts are to be decided", "Name the side to take: terminal, central, keep or delete.");
            case JobKind.Resolve:
                return [null];
            case JobKind.Rollback:
                return [await TerminalOfRunAsync(request.Run, cancellationToken)];
            case JobKind.Repair when request.Terminals is not { Count: > 0 }:
                throw Wrong("It was not said which terminal is to be repaired", "Name one terminal.");
            case JobKind.Repair when request.From is null:
                throw Wrong("It was not said which side is to be believed", "Say from: central or terminal.");
            default:
                return await ActiveAsync(request.Terminals, cancellationToken);
        }
    }

    /// <summary>The terminals that a schedule, or a request for all, is about.</summary>
    public async Task<IReadOnlyList<string>> ActiveAsync(IReadOnlyList<string>? named, CancellationToken cancellationToken)
    {
        var all = await new TerminalRegistry(central).ListAsync(cancellationToken);
        if (named is null)
            return [.. all.Where(CanRun).Select(t => t.Id)];
        foreach (var id in named)
        {
            var known = all.FirstOrDefault(t => t.Id == id)
                ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {id}", all.Count == 0 ? "There is no terminal yet: attach one with payflow attach." : $"There are: {string.Join(", ", all.Select(t => t.Id))}.") { Terminal = id };
            if (known.State != TerminalState.Active)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Terminal {id} was detached", "Attach it again: payflow attach --sqlite FILE --terminal ID") { Terminal = id };
            if (known.FilePath is null)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know where the file of terminal {id} lies", "Attach it on a host that can open its file: payflow attach --sqlite FILE --terminal ID") { Terminal = id };
        }
        return [.. named.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether jobs of a terminal can run at all: one that was detached, or whose file nobody has named, is left out of "all".</summary>
    private static bool CanRun(TerminalRecord terminal) => terminal is { State: TerminalState.Active, FilePath: not null };

    private async Task<string> TerminalOfRunAsync(string? run, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(run))
            throw Wrong("No run was named", "Give the run's id, or the beginning of it.");
        await using var command = central.CreateCommand("SELECT terminal_id FROM payflow.sync_log WHERE id::text LIKE $1 || '%' AND terminal_id IS NOT NULL LIMIT 2");
        command.Parameters.Add(new() { Value = run.Trim().ToLowerInvariant().Replace("%", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw Wrong($"There is no run {run}", "Look it up in the list of runs: payflow runs");
        var terminal = reader.GetString(0);
        if (await reader.ReadAsync(cancellationToken))
            throw Wrong($"{run} is the beginning of several runs' ids", "Give more of it.");
        return terminal;
    }

    private async Task RequireTablesAsync(IReadOnlyList<string>? tables, CancellationToken cancellationToken)
    {
        if (tables is null)
            return;
        var known = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map.Tables.Select(t => t.Name).ToList();
        if (tables.FirstOrDefault(t => !known.Contains(t, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {unknown}", $"Synced are: {string.Join(", ", known)}.") { Table = unknown };
    }

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message, hint);
}
