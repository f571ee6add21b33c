using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>
/// Gives central its identity where it has none, and begins a new generation of the change log where the cluster underneath is another one:
/// a dump restored elsewhere, a promoted standby, a restore to an earlier point. Idempotent.
/// </summary>
internal static class CentralIdentityUpsert
{
    private const string Sql = """
        INSERT INTO payflow.central AS c (id, system_identifier, timeline)
        VALUES (gen_random_uuid(), $1, $2)
        ON CONFLICT (singleton) DO UPDATE
           SET generation        = c.generation + CASE WHEN c.system_identifier <> excluded.system_identifier OR c.timeline <> excluded.timeline THEN 1 ELSE 0 END,
               system_identifier = coalesce(excluded.system_identifier, c.system_identifier),
               timeline          = coalesce(excluded.timeline, c.timeline)
         WHERE coalesce(excluded.system_identifier <> c.system_identifier, c.system_identifier IS NULL)
            OR coalesce(excluded.timeline <> c.timeline, c.timeline IS NULL)
        """;

    public static async Task ExecuteAsync(NpgsqlConnection connection, ClusterIdentity live, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)live.SystemIdentifier ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)live.Timeline ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
