using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>The tables of a terminal as central saw them last: enough to plan without the file, when a conflict is decided and the till is switched off.</summary>
internal static class TerminalSchema
{
    private const string Store = """
        UPDATE payflow.terminals SET schema = $2, schema_version = $3
        WHERE id = $1 AND (schema IS DISTINCT FROM $2 OR schema_version IS DISTINCT FROM $3)
        """;

    private const string Load = "SELECT schema::text, schema_version, attributes::text FROM payflow.terminals WHERE id = $1";

    /// <summary>Keeps what a terminal said of its tables.</summary>
    public static async Task KeepAsync(NpgsqlConnection connection, Hello hello, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Store, connection)
        {
            Parameters =
            {
                new() { Value = hello.Terminal },
                new() { Value = SchemaJson.Write(hello.Schema), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = hello.SchemaVersion },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The terminal as it introduced itself last, and its attributes.</summary>
    /// <exception cref="SyncException">Central does not know the terminal, or has not seen its tables yet.</exception>
    public static async Task<(Hello Hello, IReadOnlyDictionary<string, string> Attributes)> ReadAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Load, connection) { Parameters = { new() { Value = terminal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {terminal}", "payflow status lists all that it knows.") { Terminal = terminal };
        if (reader.IsDBNull(0))
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"Central has not seen the tables of terminal {terminal} yet", "Sync it once: payflow sync --sqlite FILE") { Terminal = terminal };
        var hello = new Hello { Terminal = terminal, RunId = Guid.Empty, Schema = SchemaJson.Read(reader.GetString(0)), SchemaVersion = reader.GetString(1) };
        return (hello, JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2)) ?? []);
    }
}
