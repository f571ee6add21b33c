using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What a terminal table is declared with that PostgreSQL does not get.</summary>
internal static partial class TableTraits
{
    /// <summary>CHECK constraints stand nowhere but in the table's own text.</summary>
    public static int CountChecks(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $table COLLATE NOCASE";
        command.Parameters.AddWithValue("$table", table);
        return command.ExecuteScalar() is string sql ? Tokens().Matches(sql).Count(m => m.Groups["check"].Success) : 0;
    }

    /// <summary>Indexes that compare text by another collation than BINARY.</summary>
    public static List<string> IndexesWithCollation(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT DISTINCT l.name
              FROM pragma_index_list($table) AS l, pragma_index_xinfo(l.name) AS x
             WHERE x.key = 1 AND x.coll <> 'BINARY' COLLATE NOCASE
            """;
        command.Parameters.AddWithValue("$table", table);
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Rows by missing parent. A foreign key that is wrong in itself (no such parent column) is left to the comparer.</summary>
    public static List<(string Parent, long Rows)> CountOrphans(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA foreign_key_check({SqliteName.Quote(table)})";
        var rows = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows[reader.GetString(2)] = rows.GetValueOrDefault(reader.GetString(2)) + 1;
        }
        catch (SqliteException e) when (e.Message.Contains("foreign key mismatch", StringComparison.Ordinal))
        {
            // SQLite cannot check a key whose parent columns are not unique; no such key is made in central either, and that is noted there.
            return [];
        }
        return [.. rows.Select(r => (r.Key, r.Value))];
    }

    /// <summary>Strings, quoted names and comments are matched first, so that a CHECK within them does not count.</summary>
    [GeneratedRegex("""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|(?<check>\bCHECK\s*\()""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Tokens();
}
