using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Tables;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>
/// Reads what a terminal's database consists of: its ordinary tables, without views, virtual and shadow tables, SQLite's own and PayFlow's own.
/// Everything comes from SQLite's table-valued pragmas (https://www.sqlite.org/pragma.html), nothing from parsing DDL.
/// </summary>
public static class SqliteSchemaReader
{
    /// <summary>Never synced: PayFlow's own tables and what other tools keep for themselves.</summary>
    private static readonly HashSet<string> NotSynced = new(StringComparer.OrdinalIgnoreCase)
    {
        "sync_queue", "sync_log", "system_settings", "_prisma_migrations", "__EFMigrationsHistory", "__EFMigrationsLock", "android_metadata",
    };

    /// <summary>Reads the schema of the main database; the connection must be open.</summary>
    public static DatabaseSchema Read(SqliteConnection connection)
    {
        var columns = ReadColumns(connection);
        var indexes = ReadIndexes(connection);
        var foreignKeys = ReadForeignKeys(connection);
        var triggered = ReadTriggeredTables(connection);

        var tables = new List<TableSchema>();
        foreach (var (name, withoutRowid) in ReadTables(connection))
        {
            var (own, primaryKey) = Describe(connection, name, withoutRowid, columns[name], indexes[name]);
            tables.Add(new TableSchema
            {
                Name = name,
                Columns = own,
                Key = primaryKey.Count > 0 ? primaryKey : FirstUnique(indexes[name], own),
                ForeignKeys = [.. foreignKeys[name].GroupBy(f => f.Id).OrderBy(g => g.Key).Select(g => ForeignKey([.. g], columns))],
                Indexes = [.. indexes[name].Where(i => !i.IsPrimaryKey).Select(i => i.Schema)],
                WithoutRowid = withoutRowid,
                IsAutoIncrement = primaryKey.Count == 1 && IsAutoIncrement(connection, name, primaryKey[0]),
                HasUserTriggers = triggered.Contains(name),
            });
        }
        return new DatabaseSchema(tables);
    }

    private static List<(string Name, bool WithoutRowid)> ReadTables(SqliteConnection connection) =>
        [.. Query(
            connection,
            """
            SELECT name, wr
            FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'payflow\_%' ESCAPE '\'
            ORDER BY name COLLATE NOCASE
            """,
            r => (Name: r.GetString(0), WithoutRowid: r.GetBoolean(1))).Where(t => !NotSynced.Contains(t.Name))];

    private static ILookup<string, ColumnRow> ReadColumns(SqliteConnection connection) =>
        Query(
            connection,
            """
            SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
            FROM pragma_table_list AS t
            JOIN pragma_table_xinfo(t.name, 'main') AS c
            WHERE t.schema = 'main' AND t.type = 'table'
            ORDER BY t.name, c.cid
            """,
            r => new ColumnRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetBoolean(3), r.IsDBNull(4) ? null : r.GetString(4), r.GetInt32(5), r.GetInt32(6)))
        .ToLookup(c => c.Table, StringComparer.OrdinalIgnoreCase);

    /// <summary>Oldest index first: the pragma lists the newest first.</summary>
    private static ILookup<string, IndexRow> ReadIndexes(SqliteConnection connection) =>
        Query(
            connection,
            """
            SELECT t.name, i.name, i."unique", i.origin, i.partial, k.name, i.seq
            FROM pragma_table_list AS t
            JOIN pragma_index_list(t.name, 'main') AS i
            JOIN pragma_index_info(i.name, 'main') AS k
            WHERE t.schema = 'main' AND t.type = 'table'
            ORDER BY t.name, i.seq DESC, k.seqno
            """,
            r => (Table: r.GetString(0), Index: r.GetString(1), Unique: r.GetBoolean(2), Origin: r.GetString(3), Partial: r.GetBoolean(4), Column: r.IsDBNull(5) ? null : r.GetString(5)))
        .GroupBy(r => (r.Table, r.Index))
        .Select(g =>
        {
            var first = g.First();
            // A part without a name is an expression, or the rowid.
            var plain = !first.Partial && g.All(r => r.Column is not null);
            return new IndexRow(first.Table, first.Origin == "pk", new IndexSchema(first.Index, [.. g.Where(r => r.Column is not null).Select(r => r.Column!)], first.Unique, plain));
        })
        .ToLookup(i => i.Table, StringComparer.OrdinalIgnoreCase);

    private static ILookup<string, ForeignKeyRow> ReadForeignKeys(SqliteConnection connection) =>
        Query(
            connection,
            """
            SELECT t.name, f.id, f."table", f."from", f."to", f.on_delete, f.on_update
            FROM pragma_table_list AS t
            JOIN pragma_foreign_key_list(t.name, 'main') AS f
            WHERE t.schema = 'main' AND t.type = 'table'
            ORDER BY t.name, f.id, f.seq
            """,
            r => new ForeignKeyRow(r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), r.GetString(5), r.GetString(6)))
        .ToLookup(f => f.Table, StringComparer.OrdinalIgnoreCase);

    private static HashSet<string> ReadTriggeredTables(SqliteConnection connection) =>
        Query(
            connection,
            """
            SELECT DISTINCT tbl_name
            FROM main.sqlite_schema
            WHERE type = 'trigger' AND name NOT LIKE 'payflow\_%' ESCAPE '\'
            """,
            r => r.GetString(0))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static (List<ColumnSchema> Columns, List<string> PrimaryKey) Describe(
        SqliteConnection connection, string table, bool withoutRowid, IEnumerable<ColumnRow> rows, IEnumerable<IndexRow> indexes)
    {
        // hidden: 0 ordinary, 2 computed when read, 3 computed when written; 1 belongs to virtual tables.
        var own = rows.Where(c => c.Hidden != 1).ToList();
        var primaryKey = own.Where(c => c.KeyPosition > 0).OrderBy(c => c.KeyPosition).Select(c => c.Name).ToList();
        // "INTEGER PRIMARY KEY DESC" looks the same but is no rowid; it alone has an index of its own. https://www.sqlite.org/lang_createtable.html#rowid
        var rowidKey = !withoutRowid && primaryKey.Count == 1 && !indexes.Any(i => i.IsPrimaryKey);
        var styles = InstantSample.Read(connection, table, [.. own.Select(c => (c.Name, c.Type))]);
        var columns = own.Select((c, i) => new ColumnSchema
        {
            Name = c.Name,
            Type = c.Type,
            NotNull = c.NotNull || (withoutRowid && c.KeyPosition > 0),
            Default = c.Default,
            IsGenerated = c.Hidden is 2 or 3,
            IsAutoNumber = rowidKey && c.KeyPosition > 0 && c.Type.Equals("INTEGER", StringComparison.OrdinalIgnoreCase),
            IsCaseInsensitive = Metadata(connection, table, c.Name).Collation.Equals("NOCASE", StringComparison.OrdinalIgnoreCase),
            InstantStyle = styles[i],
        }).ToList();
        return (columns, primaryKey);
    }

    private static IReadOnlyList<string> FirstUnique(IEnumerable<IndexRow> indexes, List<ColumnSchema> columns) =>
        indexes.Select(i => i.Schema)
            .FirstOrDefault(i => i is { IsUnique: true, IsPlain: true } && i.Columns.All(name => columns.Exists(c => c.NotNull && c.Name == name)))
            ?.Columns ?? [];

    private static ForeignKeySchema ForeignKey(List<ForeignKeyRow> rows, ILookup<string, ColumnRow> columns)
    {
        var parent = rows[0].Parent;
        // "REFERENCES parent" without columns means the parent's primary key.
        var parentColumns = rows.TrueForAll(r => r.To is not null)
            ? rows.Select(r => r.To!)
            : columns[parent].Where(c => c.KeyPosition > 0).OrderBy(c => c.KeyPosition).Select(c => c.Name);
        return new ForeignKeySchema(null, [.. rows.Select(r => r.From)], parent, [.. parentColumns], rows[0].OnDelete, rows[0].OnUpdate);
    }

    private static bool IsAutoIncrement(SqliteConnection connection, string table, string column) => Metadata(connection, table, column).AutoIncrement;

    private static (string Collation, bool AutoIncrement) Metadata(SqliteConnection connection, string table, string column)
    {
        var result = raw.sqlite3_table_column_metadata(connection.Handle, "main", table, column, out _, out var collation, out _, out _, out var autoIncrement);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        return (collation, autoIncrement != 0);
    }

    private static List<T> Query<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    private sealed record ColumnRow(string Table, string Name, string Type, bool NotNull, string? Default, int KeyPosition, int Hidden);

    private sealed record IndexRow(string Table, bool IsPrimaryKey, IndexSchema Schema);

    private sealed record ForeignKeyRow(string Table, int Id, string Parent, string From, string? To, string OnDelete, string OnUpdate);
}
