using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Writes <c>payflow.audit</c>: who decided or changed what, by hand. To be called in the transaction that does it.</summary>
public static partial class AuditLog
{
    private const string Insert = """
        INSERT INTO payflow.audit (actor, action, terminal_id, table_name, key, run_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <param name="connection">Central; its open transaction, if there is one, is used.</param>
    /// <param name="entry">What was done; <see cref="AuditRow.At"/> and the id are central's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, AuditRow entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await using var command = new NpgsqlCommand(Insert, connection);
        foreach (var text in new[] { entry.Actor, entry.Action, entry.TerminalId, entry.TableName, entry.Key })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text?.Replace('\0', '\u2400') ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)entry.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = Storable(entry.Detail), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A detail as the column wants it.</summary>
    public static string Detail(object detail) => JsonSerializer.Serialize(detail, JsonSerializerOptions.Web);

    // A till's text may hold what central's cannot: the row that is refused for it is just the one that somebody mends or gives up. \u2400 is the picture of that character.
    private static string Storable(string json) => Escape().Replace(json, static m => m.Value == @"\u0000" ? @"\u2400" : m.Value);

    [GeneratedRegex(@"\\(u0000|.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
