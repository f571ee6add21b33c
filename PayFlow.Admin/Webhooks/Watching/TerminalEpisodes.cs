using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>Tells once of each time that a terminal falls silent, or that its queue grows beyond its limit. That it has been told is written down with the event; when it is over it is forgotten.</summary>
internal sealed class TerminalEpisodes(TerminalReader terminals, SyncExpectations expectations, WebhookSettings settings, NpgsqlDataSource central)
{
    private const string Forget = "DELETE FROM console.webhook_episodes WHERE kind = $1 AND NOT terminal_id = ANY ($2)";

    private const string Remember = "INSERT INTO console.webhook_episodes (kind, terminal_id, since, figure) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    /// <summary>The queue has to become clearly shorter before it can be too long again.</summary>
    private const double Over = 0.8;

    /// <summary>Looks at all terminals; on connections of its own, so that no transaction waits for it.</summary>
    public async Task<TerminalLook> LookAsync(CancellationToken cancellationToken)
    {
        var expected = await expectations.ReadAsync(cancellationToken);
        var now = await NowAsync(cancellationToken);
        var rows = await terminals.JudgeAsync(cancellationToken);
        return new TerminalLook(
            now,
            [.. rows.Select(r => (Row: r, Since: SilentSince(r, expected(r.Id), settings.Silence, now))).Where(r => r.Since is not null).Select(r => (r.Row, r.Since!.Value))],
            [.. rows.Where(r => Open(r) > settings.QueueLimit * Over).Select(r => (r, Open(r)))]);
    }

    /// <summary>Tells of what is new in it.</summary>
    /// <param name="connection">Central, in a transaction that holds the watch's lock.</param>
    /// <param name="look">What was seen.</param>
    /// <param name="cancellationToken">Ends it; nothing was told then.</param>
    public async Task TellAsync(NpgsqlConnection connection, TerminalLook look, CancellationToken cancellationToken)
    {
        await ForgetAsync(connection, WebhookEvent.Silent, [.. look.Silent.Select(s => s.Row.Id)], cancellationToken);
        foreach (var (row, since) in look.Silent)
        {
            if (await RememberAsync(connection, WebhookEvent.Silent, row.Id, look.At, 0, cancellationToken))
                await WebhookEmission.ExecuteAsync(connection, WebhookEvent.Silent, $"{row.Id} {look.At:O}", row.Id, null, look.At, new { name = row.Record.Name, since, lastSeenAt = row.Record.LastSeenAt, lastRun = row.LastRun?.Id }, cancellationToken);
        }
        await ForgetAsync(connection, WebhookEvent.QueueOver, [.. look.Full.Select(f => f.Row.Id)], cancellationToken);
        foreach (var (row, open) in look.Full.Where(f => f.Open > settings.QueueLimit))
        {
            if (await RememberAsync(connection, WebhookEvent.QueueOver, row.Id, look.At, open, cancellationToken))
                await WebhookEmission.ExecuteAsync(connection, WebhookEvent.QueueOver, $"{row.Id} {look.At:O}", row.Id, null, look.At, new { name = row.Record.Name, open, limit = settings.QueueLimit, states = row.Queue }, cancellationToken);
        }
    }

    // Central's clock: of two hosts whose clocks differ one would forget what the other has told, and it would be told again and again.
    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand("SELECT now()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Since when a terminal should have been heard of; null when it is not silent. By its schedule, two times missed; without one, a while.</summary>
    internal static DateTimeOffset? SilentSince(TerminalRow row, SyncExpectation? expected, TimeSpan silence, DateTimeOffset now)
    {
        if (row.Standing.Status is "DETACHED" or "RUNNING")
            return null;
        var last = new[] { row.LastRun?.StartedAt, row.Record.LastSeenAt, row.Record.RegisteredAt }.Max()!.Value;
        if (expected is null)
            return last + silence < now ? last + silence : null;
        return expected.Next(last) is { } first && expected.Next(first) is { } second && second + SyncExpectation.Grace < now ? first : null;
    }

    private static long Open(TerminalRow row) => row.Standing.Status == "DETACHED" ? 0 : row.Queue.Values.Sum();

    private static async Task ForgetAsync(NpgsqlConnection connection, string kind, string[] terminals, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Forget, connection) { Parameters = { new() { Value = kind }, new() { Value = terminals, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> RememberAsync(NpgsqlConnection connection, string kind, string terminal, DateTimeOffset since, long figure, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Remember, connection) { Parameters = { new() { Value = kind }, new() { Value = terminal }, new() { Value = since }, new() { Value = figure } } };
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
