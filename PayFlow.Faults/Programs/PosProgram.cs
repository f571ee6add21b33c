using Microsoft.Data.Sqlite;

namespace PayFlow.Faults.Programs;

/// <summary>What a plain program with SQLite does with a till's file: opens it, writes something of its own, reads a little, closes it.</summary>
internal static class PosProgram
{
    public const string Name = "pos";

    /// <summary>A table that is not synced: of its rows it is known who wrote them.</summary>
    public const string Ddl = "CREATE TABLE IF NOT EXISTS pos_journal (id INTEGER PRIMARY KEY, text TEXT)";

    public const string Select = "SELECT id FROM pos_journal";

    private const int Locked = 6;
    private const int Busy = 5;

    /// <returns>The number of the row that is committed; null when somebody else had the file.</returns>
    public static string? Work(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
            connection.Open();
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO pos_journal (text) VALUES (hex(randomblob(200))) RETURNING id";
            var id = insert.ExecuteScalar();
            using var read = connection.CreateCommand();
            read.CommandText = "SELECT count(*), max(length(text)) FROM pos_journal";
            read.ExecuteScalar();
            return Convert.ToString(id, System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Busy or Locked)
        {
            return null;
        }
    }
}
