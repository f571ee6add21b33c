using Microsoft.Data.Sqlite;
using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Reads both sides and says what one of them lacks. Changes nothing until the script is applied.</summary>
public static class Provisioner
{
    /// <summary>What central lacks of the terminal's tables. Reads every row of the terminal's tables once, to find out what the columns really hold.</summary>
    /// <exception cref="SyncException">A name that PostgreSQL would cut or refuse.</exception>
    public static async Task<ProvisionScript> PlanCentralAsync(SqliteConnection terminal, NpgsqlConnection central, TableMap? map, CancellationToken cancellationToken)
    {
        var existing = await PostgresSchemaReader.ReadAsync(central, cancellationToken);
        var source = SqliteSchemaReader.Read(terminal);
        var wanted = map is null ? source : new DatabaseSchema(map.Tables.Where(e => e.Enabled).Select(e => source.Find(e.Name)).OfType<TableSchema>().Distinct());
        return CentralDdl.Create(source, existing, map, TerminalSurvey.Read(terminal, wanted, cancellationToken));
    }

    /// <summary>What the terminal lacks of central's tables.</summary>
    public static async Task<ProvisionScript> PlanTerminalAsync(NpgsqlConnection central, SqliteConnection terminal, TableMap? map, CancellationToken cancellationToken)
    {
        var source = await PostgresSchemaReader.ReadAsync(central, cancellationToken);
        return TerminalDdl.Create(source, SqliteSchemaReader.Read(terminal), map);
    }

    /// <summary>Compares both sides as they are now.</summary>
    public static async Task<SchemaReport> CompareAsync(SqliteConnection terminal, NpgsqlConnection central, TableMap? map, CancellationToken cancellationToken)
    {
        var schema = await PostgresSchemaReader.ReadAsync(central, cancellationToken);
        return SchemaComparer.Compare(map, SqliteSchemaReader.Read(terminal), schema);
    }
}
