using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>A text that changes when the map, a planned table's columns or its triggers change; cheap enough to be asked at every run.</summary>
internal static class PlanVersion
{
    /// <summary>The expression, with <c>c</c> the row of payflow.central and a parameter of table oids.</summary>
    public static string Expression(string oids) => $"""
        c.map_version || '/' ||
          (SELECT coalesce(sum(hashtextextended(a.attrelid || '.' || a.attname || '.' || a.atttypid || '.' || a.atttypmod || '.' || a.attnotnull || a.attisdropped || a.atthasdef || a.attnum, 0)), 0)::text
           FROM pg_attribute a WHERE a.attrelid = ANY ({oids}) AND a.attnum > 0)
          || '/' || (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = ANY ({oids}) AND g.tgenabled <> 'D' AND NOT g.tgisinternal)
        """;

    public static async Task<string> ReadAsync(NpgsqlConnection connection, uint[] oids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {Expression("$1")} FROM payflow.central c", connection)
        {
            Parameters = { new() { Value = oids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid } },
        };
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
