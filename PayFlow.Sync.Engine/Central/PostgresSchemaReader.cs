using Npgsql;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>
/// Reads central's tables from the system catalogs (https://www.postgresql.org/docs/current/catalogs.html) in one round trip: ordinary and partitioned tables of every
/// user schema. Left out are PayFlow's, its console's and Quartz's schemas, <c>system_settings</c>, tables that belong to an extension, and the bookkeeping of migration tools.
/// </summary>
public static class PostgresSchemaReader
{
    /// <summary>The tables wanted; the search path's come first, so that they answer to their bare names.</summary>
    private const string TableSql =
        """
        SELECT c.oid, n.nspname, c.relname,
               EXISTS (SELECT FROM pg_trigger AS g
                       WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgname NOT LIKE 'payflow\_%')
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
          AND n.nspname NOT IN ('information_schema', 'payflow', 'console', 'quartz') AND n.nspname NOT LIKE 'pg\_%'
          AND c.relname NOT IN ('system_settings', '_prisma_migrations', '__EFMigrationsHistory', '__EFMigrationsLock')
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY array_position(current_schemas(false), n.nspname) NULLS LAST, n.nspname, c.relname
        """;

    /// <summary>A domain is followed down to its base type: the first type modifier on the way holds, and NOT NULL or a default on any level counts.</summary>
    private const string ColumnSql =
        """
        WITH RECURSIVE domain AS (
            SELECT t.oid AS top, t.oid AS base, t.typtype, t.typbasetype, t.typtypmod AS modifier, t.typnotnull AS required, t.typdefault AS fallback
            FROM pg_type AS t
            WHERE t.typtype = 'd'
            UNION ALL
            SELECT d.top, t.oid, t.typtype, t.typbasetype,
                   CASE WHEN d.modifier <> -1 OR t.typtype <> 'd' THEN d.modifier ELSE t.typtypmod END,
                   d.required OR t.typnotnull, coalesce(d.fallback, t.typdefault)
            FROM domain AS d
            JOIN pg_type AS t ON t.oid = d.typbasetype
            WHERE d.typtype = 'd')
        SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod),
               a.attnotnull OR coalesce(d.required, false),
               coalesce(pg_get_expr(f.adbin, f.adrelid), d.fallback),
               a.attgenerated <> '', a.attidentity <> '',
               b.typname, d.top IS NOT NULL, coalesce(d.modifier, a.atttypmod),
               b.typname = 'citext' OR NOT coalesce(l.collisdeterministic, true)
        FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        LEFT JOIN pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
        LEFT JOIN domain AS d ON d.top = a.atttypid AND d.typtype <> 'd'
        JOIN pg_type AS b ON b.oid = coalesce(d.base, a.atttypid)
        LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
        WHERE a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attrelid, a.attnum
        """;

    /// <summary>Oldest index first. A deferred unique index cannot arbitrate an upsert, so it counts as not plain, as an invalid one does.</summary>
    private const string IndexSql =
        """
        SELECT i.indrelid, x.relname, i.indisprimary, i.indisunique,
               i.indpred IS NULL AND i.indexprs IS NULL AND i.indimmediate AND i.indisvalid AND m.amname = 'btree',
               ARRAY(SELECT a.attname::text
                     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
                     JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                     WHERE k.position <= i.indnkeyatts
                     ORDER BY k.position)
        FROM pg_index AS i
        JOIN pg_class AS x ON x.oid = i.indexrelid
        JOIN pg_am AS m ON m.oid = x.relam
        JOIN pg_class AS c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY i.indrelid, i.indexrelid
        """;

    /// <summary>Constraints that the server derived for partitions have a parent and are not wanted.</summary>
    private const string ForeignKeySql =
        """
        SELECT f.conrelid, f.conname, f.confrelid, f.confdeltype::text, f.confupdtype::text, f.condeferrable,
               ARRAY(SELECT a.attname::text
                     FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, position)
                     JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
                     ORDER BY k.position),
               ARRAY(SELECT a.attname::text
                     FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, position)
                     JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum
                     ORDER BY k.position)
        FROM pg_constraint AS f
        WHERE f.contype = 'f' AND f.conparentid = 0
        ORDER BY f.conrelid, f.conname
        """;

    /// <summary>Reads the schema as the connection's user and search path see it.</summary>
    public static async Task<DatabaseSchema> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(TableSql), new(ColumnSql), new(IndexSql), new(ForeignKeySql) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        var tables = await RowsAsync(reader, r => new TableRow(r.GetFieldValue<uint>(0), r.GetString(1), r.GetString(2), r.GetBoolean(3)), cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var columns = (await RowsAsync(reader, Column, cancellationToken)).ToLookup(c => c.Table, c => c.Schema);
        await reader.NextResultAsync(cancellationToken);
        var indexes = (await RowsAsync(reader, Index, cancellationToken)).ToLookup(i => i.Table);
        await reader.NextResultAsync(cancellationToken);
        var foreignKeys = (await RowsAsync(reader, ForeignKey, cancellationToken)).ToLookup(f => f.Table);

        var names = Names(tables);
        return new DatabaseSchema(tables.Select(t => Assemble(t, [.. columns[t.Oid]], [.. indexes[t.Oid]], foreignKeys[t.Oid], names)));
    }

    /// <summary>How other tables name each table: bare where that is enough, <c>schema.table</c> where another table comes first.</summary>
    private static Dictionary<uint, string> Names(List<TableRow> tables)
    {
        var bare = new HashSet<string>(StringComparer.Ordinal);
        return tables.ToDictionary(t => t.Oid, t => bare.Add(t.Name) ? t.Name : t.Schema + "." + t.Name);
    }

    private static TableSchema Assemble(TableRow table, List<ColumnSchema> columns, List<IndexRow> indexes, IEnumerable<ForeignKeyRow> foreignKeys, Dictionary<uint, string> names)
    {
        var key = indexes.Find(i => i.IsPrimaryKey) ?? indexes.Find(i => i.Schema is { IsUnique: true, IsPlain: true } && i.Schema.Columns.All(name => columns.Exists(c => c.NotNull && c.Name == name)));
        return new TableSchema
        {
            Name = table.Name,
            Schema = table.Schema,
            Oid = table.Oid,
            Columns = columns,
            Key = key?.Schema.Columns ?? [],
            Indexes = [.. indexes.Where(i => !i.IsPrimaryKey).Select(i => i.Schema)],
            // A parent that is left out here (another schema's bookkeeping, an extension's table) cannot be synced and orders nothing.
            ForeignKeys = [.. foreignKeys.Where(f => names.ContainsKey(f.Parent)).Select(f => f.Schema with { ParentTable = names[f.Parent] })],
            HasUserTriggers = table.HasTriggers,
        };
    }

    private static (uint Table, ColumnSchema Schema) Column(NpgsqlDataReader r)
    {
        var fallback = r.IsDBNull(4) ? null : r.GetString(4);
        var generated = r.GetBoolean(5);
        var baseType = r.GetString(7);
        return (r.GetFieldValue<uint>(0), new ColumnSchema
        {
            Name = r.GetString(1),
            Type = r.GetString(2),
            NotNull = r.GetBoolean(3),
            Default = generated ? null : fallback,
            IsGenerated = generated,
            IsAutoNumber = r.GetBoolean(6) || (fallback?.StartsWith("nextval(", StringComparison.Ordinal) ?? false),
            Logical = Logical(baseType),
            BaseType = baseType,
            IsDomain = r.GetBoolean(8),
            TypeModifier = r.GetInt32(9),
            IsCaseInsensitive = r.GetBoolean(10),
        });
    }

    private static IndexRow Index(NpgsqlDataReader r) =>
        new(r.GetFieldValue<uint>(0), r.GetBoolean(2), new IndexSchema(r.GetString(1), r.GetFieldValue<string[]>(5), r.GetBoolean(3), r.GetBoolean(4)));

    private static ForeignKeyRow ForeignKey(NpgsqlDataReader r) =>
        new(r.GetFieldValue<uint>(0), r.GetFieldValue<uint>(2), new ForeignKeySchema(
            r.GetString(1), r.GetFieldValue<string[]>(6), string.Empty, r.GetFieldValue<string[]>(7), Action(r.GetString(3)), Action(r.GetString(4)), r.GetBoolean(5)));

    private static string Action(string code) => code switch
    {
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        _ => "NO ACTION",
    };

    private static LogicalType Logical(string baseType) => baseType switch
    {
        "bool" => LogicalType.Boolean,
        "int2" or "int4" or "int8" => LogicalType.Integer,
        "float4" or "float8" => LogicalType.Float,
        "numeric" or "money" => LogicalType.Decimal,
        "text" or "varchar" or "name" => LogicalType.Text,
        "bpchar" => LogicalType.FixedText,
        "bytea" => LogicalType.Bytes,
        "date" => LogicalType.Date,
        "time" => LogicalType.Time,
        "timestamp" => LogicalType.Timestamp,
        "timestamptz" => LogicalType.TimestampTz,
        "uuid" => LogicalType.Uuid,
        "json" or "jsonb" => LogicalType.Json,
        _ => LogicalType.Other,
    };

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    private sealed record TableRow(uint Oid, string Schema, string Name, bool HasTriggers);

    private sealed record IndexRow(uint Table, bool IsPrimaryKey, IndexSchema Schema);

    private sealed record ForeignKeyRow(uint Table, uint Parent, ForeignKeySchema Schema);
}
