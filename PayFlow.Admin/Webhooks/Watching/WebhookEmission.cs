using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>Makes an event of what a host has found out, for every webhook that wants it; part of the caller's transaction.</summary>
internal static class WebhookEmission
{
    private const string Sql = "SELECT console.webhook_emit($1, $2, $3, $4, $5, $6::json)";

    /// <param name="connection">Central, in a transaction.</param>
    /// <param name="type">As in <see cref="WebhookEvent"/>.</param>
    /// <param name="fact">What tells this event from every other of its type; the event's id is made of it.</param>
    /// <param name="terminal">Whom it concerns; null for nobody in particular.</param>
    /// <param name="table">What it concerns; null for none in particular.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">The payload's data.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string type, string fact, string? terminal, string? table, DateTimeOffset at, object data, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { new() { Value = type }, new() { Value = fact }, Text(terminal), Text(table), new() { Value = at.ToUniversalTime() }, new() { Value = JsonSerializer.Serialize(data, JsonSerializerOptions.Web) } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
