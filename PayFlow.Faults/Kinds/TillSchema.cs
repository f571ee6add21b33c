using System.Text.RegularExpressions;
using PayFlow.Faults.Chain;

namespace PayFlow.Faults.Kinds;

/// <summary>Changes a till's tables as a POS program's migrations do.</summary>
internal static class TillSchema
{
    /// <summary>
    /// Makes the table anew, without a column or as it was, as https://www.sqlite.org/lang_altertable.html says: ALTER TABLE DROP COLUMN refuses where a trigger names it, and
    /// every program that can meet triggers goes this way.
    /// </summary>
    public static void DropColumn(TillFile file, string table, string? column)
    {
        var ddl = (string)file.Rows($"SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = '{table}'")[0][0]!;
        var without = column is null ? ddl : Regex.Replace(ddl, $@",\s*{column} \w+", string.Empty);
        var made = new Regex($@"^CREATE TABLE ""?{table}""?").Replace(without, $"CREATE TABLE {table}_new", 1);
        var names = string.Join(", ", file.Rows($"SELECT name FROM pragma_table_info('{table}') WHERE name <> '{column}'").Select(r => r[0]));
        var indexes = string.Concat(file.Rows($"SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL").Select(r => r[0] + ";\n"));
        file.Execute($"""
            PRAGMA foreign_keys = OFF;
            PRAGMA legacy_alter_table = ON;
            BEGIN;
            {made};
            INSERT INTO {table}_new ({names}) SELECT {names} FROM {table};
            DROP TABLE {table};
            ALTER TABLE {table}_new RENAME TO {table};
            {indexes}
            COMMIT;
            """);
    }
}
