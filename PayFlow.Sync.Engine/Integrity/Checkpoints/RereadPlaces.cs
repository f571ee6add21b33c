using System.Globalization;
using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>Finds where a checkpoint goes back to, and how many rows lie between.</summary>
internal sealed class RereadPlaces(VerifyScope scope, NpgsqlConnection connection, TerminalStore store, DateTimeOffset? since)
{
    private readonly Dictionary<string, TableState> _states = store.ReadTables();

    public async Task<Reread.Move> PushAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var state = _states.GetValueOrDefault(table.Name);
        if (CheckpointReader.StateOf(state, SyncDirection.Push) is not CheckpointState.Following and var standing)
            return Refused(table, SyncDirection.Push, Begins(standing));
        if (!CheckpointReader.IsLogged(table))
            return await StampedPushAsync(table, state!, cancellationToken);
        var from = state!.Position.ToString();
        if (since is { } instant)
            return await BackAsync(table, state, instant, cancellationToken);
        // What comes down, and then what the terminal has and central has not.
        var rows = await TableCopy.CountAsync(connection, scope.Columns(table), cancellationToken);
        return new(new RereadTable(table.Name, SyncDirection.Push, rows, from, null), s => s with { Load = LoadState.Reloading, LoadKey = null });
    }

    public async Task<Reread.Move> PullAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var state = _states.GetValueOrDefault(table.Name);
        if (CheckpointReader.StateOf(state, SyncDirection.Pull) is not CheckpointState.Following and var standing)
            return Refused(table, SyncDirection.Pull, Begins(standing));
        if (since is null)
            return new(new RereadTable(table.Name, SyncDirection.Pull, store.CountRows(table.Name), state!.PullStamp, null), s => s with { WaitsForBootstrap = true, IsResent = true, BootstrapKey = null, PullStamp = null, PullKey = null });
        if (table.Entry.TerminalCapture == CaptureMode.Trigger)
            return Refused(table, SyncDirection.Pull, "the terminal's queue holds exactly what was not sent yet: there is no earlier place to go back to; begin anew instead, then all of its rows are compared");
        return await Task.FromResult(StampedPull(table, state!, since.Value));
    }

    private async Task<Reread.Move> BackAsync(TablePlan table, TableState state, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var log = new LogPlaces(connection, scope.Terminal);
        var (place, reaches) = await log.BeforeAsync(instant, cancellationToken);
        if (reaches is { } oldest && oldest > instant)
            return Refused(table, SyncDirection.Push, oldest == DateTimeOffset.MaxValue
                ? "central's change log was emptied up to now: begin anew instead"
                : $"central's change log reaches back to {oldest.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC only: choose a later time, or begin anew");
        if (place is not { } back || back >= state.Position)
            return Refused(table, SyncDirection.Push, "nothing behind that time has been read yet");
        var number = scope.Captured[table.Name];
        var behind = await log.BehindAsync(new Dictionary<int, LogPosition> { [number] = back }, cancellationToken);
        var (rows, isAll, _, _) = behind[number];
        if (isAll)
            rows = await TableCopy.CountAsync(connection, scope.Columns(table), cancellationToken);
        return new(new RereadTable(table.Name, SyncDirection.Push, rows, state.Position.ToString(), back.ToString()), s => s with { Position = back < s.Position ? back : s.Position });
    }

    private async Task<Reread.Move> StampedPushAsync(TablePlan table, TableState state, CancellationToken cancellationToken)
    {
        var columns = scope.Columns(table);
        if (since is not { } instant)
            return new(new RereadTable(table.Name, SyncDirection.Push, await TableCopy.CountAsync(connection, columns, cancellationToken), state.PushStamp, null), s => s with { PushStamp = null, PushKey = null });
        var stamp = table.CentralTimestamp!;
        var column = $"t.{PostgresName.Quote(stamp.Name)}";
        var at = stamp.Logical == LogicalType.Timestamp ? "(@at AT TIME ZONE 'UTC')" : "@at";
        await using var command = new NpgsqlCommand($"""
            SELECT (SELECT count(*) FROM {PostgresName.Quote(table.Central)} t WHERE {column} >= {at} AND {columns.Filter}),
              (SELECT {ColumnCodecs.For(stamp).KeyText(column)} FROM {PostgresName.Quote(table.Central)} t WHERE {column} < {at} ORDER BY {column} DESC LIMIT 1)
            """, connection);
        columns.Bind(command);
        command.Parameters.Add(new("at", instant.ToUniversalTime()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var to = reader.IsDBNull(1) ? null : reader.GetString(1);
        return new(new RereadTable(table.Name, SyncDirection.Push, reader.GetInt64(0), state.PushStamp, to), s => s with { PushStamp = to, PushKey = null });
    }

    private Reread.Move StampedPull(TablePlan table, TableState state, DateTimeOffset instant)
    {
        var to = instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        if (state.PullStamp is not null && string.CompareOrdinal(to, state.PullStamp) >= 0)
            return Refused(table, SyncDirection.Pull, "nothing behind that time has been read yet");
        var column = StampedPullSql.Instant("t." + SqliteName.Quote(table.TerminalTimestamp!.Name));
        var count = store.Database.Prepare($"SELECT count(*) FROM {SqliteName.Quote(table.Name)} t WHERE {column} > ?1").Bind(1, to);
        count.Step();
        var rows = count.Integer(0);
        count.Reset();
        return new(new RereadTable(table.Name, SyncDirection.Pull, rows, state.PullStamp, to), s => s with { PullStamp = to, PullKey = null });
    }

    private static string Begins(CheckpointState standing) => standing switch
    {
        CheckpointState.Never => "it was never synced: the first run reads all of it anyway",
        CheckpointState.Loading => "all of it is being read already",
        CheckpointState.Comparing => "the next run compares all of it already",
        _ => "its rows wait to be compared by bootstrap",
    };

    private Reread.Move Refused(TablePlan table, SyncDirection direction, string why)
    {
        var state = _states.GetValueOrDefault(table.Name);
        var place = direction == SyncDirection.Pull ? state?.PullStamp : state?.PushStamp ?? state?.Position.ToString();
        return new(new RereadTable(table.Name, direction, 0, place, place, why), s => s);
    }
}
