using Npgsql;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// The capture of one central table: statement-level triggers with transition tables, so that a statement over a million rows costs one call.
/// </summary>
/// <remarks>
/// The origin is the terminal whose upload made the change (a transaction-local setting), and only at trigger depth 1: what central's own triggers change in answer
/// has no origin and goes to every terminal, and neither has what a foreign key's action changes in another table (such an action runs at depth 1, too, hence the table's number). The function runs with its owner's rights, because the chain's programs have none on PayFlow's schema.
/// </remarks>
internal sealed class ChangeLogTriggers(TablePlan table, int number)
{
    /// <summary>
    /// The transaction-local setting under which inserted rows are not logged one by one but as "load this table again": correct for every reader, and cheap as long as there is none.
    /// </summary>
    public const string BulkSetting = "payflow.bulk";

    private readonly string _function = $"payflow.{PostgresName.Quote($"log_{number}")}";
    private readonly IReadOnlyList<ColumnCodec> _codecs = [.. table.CentralKey.Select(ColumnCodecs.For)];

    /// <summary>Says, for <c>$1</c> the table's oid, whether the function and all four triggers are there and enabled.</summary>
    public const string Present = """
        SELECT count(*) = 4 FROM pg_trigger WHERE tgrelid = $1 AND tgname LIKE 'payflow\_%' AND tgenabled IN ('O', 'A')
        """;

    public async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql(), connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Sql()
    {
        var target = PostgresName.Quote(table.Central);
        return $"""
            CREATE OR REPLACE FUNCTION {_function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp{Settings()} AS $payflow$
            DECLARE
              who text := CASE WHEN pg_trigger_depth() = 1 AND current_setting('payflow.origin_table', true) = '{number}' THEN nullif(current_setting('payflow.origin', true), '') END;
              gen int := (SELECT generation FROM payflow.central);
            BEGIN
              IF TG_OP = 'INSERT' AND current_setting('{BulkSetting}', true) = 'on' THEN
                INSERT INTO payflow.change_log (generation, table_id, op, origin) VALUES (gen, {number}, 'R', who);
              ELSIF TG_OP = 'INSERT' THEN
                INSERT INTO payflow.change_log (generation, table_id, op, key, origin) SELECT gen, {number}, 'I', {Key("n")}, who FROM new_rows n;
              ELSIF TG_OP = 'UPDATE' THEN
                INSERT INTO payflow.change_log (generation, table_id, op, key, origin) SELECT gen, {number}, 'U', {Key("n")}, who FROM new_rows n;
                INSERT INTO payflow.change_log (generation, table_id, op, key, origin)
                  SELECT gen, {number}, 'D', {Key("o")}, who FROM old_rows o WHERE NOT EXISTS (SELECT 1 FROM new_rows n WHERE {Key("n")} = {Key("o")});
              ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO payflow.change_log (generation, table_id, op, key, origin) SELECT gen, {number}, 'D', {Key("o")}, who FROM old_rows o;
              ELSE
                INSERT INTO payflow.change_log (generation, table_id, op, origin) VALUES (gen, {number}, 'T', NULL);
              END IF;
              RETURN NULL;
            END $payflow$;
            DROP TRIGGER IF EXISTS payflow_insert ON {target};
            DROP TRIGGER IF EXISTS payflow_update ON {target};
            DROP TRIGGER IF EXISTS payflow_delete ON {target};
            DROP TRIGGER IF EXISTS payflow_truncate ON {target};
            CREATE TRIGGER payflow_insert AFTER INSERT ON {target} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {_function}();
            CREATE TRIGGER payflow_update AFTER UPDATE ON {target} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {_function}();
            CREATE TRIGGER payflow_delete AFTER DELETE ON {target} REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {_function}();
            CREATE TRIGGER payflow_truncate AFTER TRUNCATE ON {target} FOR EACH STATEMENT EXECUTE FUNCTION {_function}();
            """;
    }

    private string Key(string alias) => KeyTextSql.For(table, _codecs, alias);

    // The program that changes the row has its own settings; a key's text must not depend on them.
    private string Settings() => table.CentralKey.All(c => c.Logical is LogicalType.Integer or LogicalType.Text or LogicalType.Uuid or LogicalType.FixedText)
        ? string.Empty
        : " SET datestyle = 'ISO,YMD' SET intervalstyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1 SET timezone = 'UTC'";
}
