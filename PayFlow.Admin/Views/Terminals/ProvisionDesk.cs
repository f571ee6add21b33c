using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Creates in central what it lacks of a terminal's tables. Nothing that exists is altered but by added columns, and no row is touched.</summary>
internal sealed class ProvisionDesk(NpgsqlDataSource central)
{
    /// <summary>Says what would be created. Reads every row of the terminal's tables once, to find out what its columns really hold.</summary>
    /// <exception cref="SyncException">The file cannot be used, or a name that PostgreSQL would cut or refuse.</exception>
    public Task<ProvisionPlan> PreviewAsync(string path, CancellationToken cancellationToken = default) => Task.Run(
        async () =>
        {
            var plan = Of(path, await PlanAsync(path, cancellationToken));
            return plan with { Notes = [.. plan.Notes, .. await UnnamedAsync(path, cancellationToken)] };
        },
        cancellationToken);

    /// <summary>Creates it, all or nothing, if it is still what was shown.</summary>
    /// <exception cref="SyncException">One side has changed since (<see cref="SyncErrorCode.Moved"/>), or central refused a statement.</exception>
    public Task CreateAsync(ProvisionPlan seen, string actor, string? reason, CancellationToken cancellationToken = default) => Task.Run(
        async () =>
        {
            var script = await PlanAsync(seen.Path, cancellationToken);
            if (script.ToSql() != seen.Sql)
                throw new SyncException(SyncErrorCode.Moved, "One of the two databases has changed since you looked: nothing was created", "Look at the statements again.");
            await using var connection = await central.OpenConnectionAsync(cancellationToken);
            await script.ApplyAsync(connection, cancellationToken);
            await AuditLog.WriteAsync(connection, new AuditRow
            {
                Actor = actor,
                Action = "central.provision",
                Detail = AuditLog.Detail(new { reason, file = seen.Path, before = (object?)null, after = seen.Statements, sql = seen.Sql }),
            }, CancellationToken.None);
        },
        cancellationToken);

    private async Task<ProvisionScript> PlanAsync(string path, CancellationToken cancellationToken)
    {
        var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        using var terminal = TerminalConnection.Open(path);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        // Without a map, tables of the same name belong together.
        return await Provisioner.PlanCentralAsync(terminal, connection, map.Tables.Count == 0 ? null : map, cancellationToken);
    }

    // What the map does not name is not looked at, and whoever asks what is missing must hear that.
    private async Task<IReadOnlyList<ProvisionNote>> UnnamedAsync(string path, CancellationToken cancellationToken)
    {
        var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        if (map.Tables.Count == 0)
            return [];
        using var terminal = TerminalConnection.Open(path);
        return [.. SqliteSchemaReader.Read(terminal).Tables
            .Where(t => !map.Tables.Any(e => e.Name.Equals(t.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(t => new ProvisionNote(t.Name, "the table map does not name it, so it is neither synced nor created in central.", "To sync it, create it in central and add it to the table map."))];
    }

    private static ProvisionPlan Of(string path, ProvisionScript script) => new(
        path,
        [.. script.Statements.Select(s => s.Description)],
        script.ToSql(),
        [.. script.Notes.Select(n => new ProvisionNote(n.Column is null ? n.Table : $"{n.Table}.{n.Column}", n.Message, n.Remedy))]);
}
