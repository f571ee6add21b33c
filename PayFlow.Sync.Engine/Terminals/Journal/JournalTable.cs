namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary><c>payflow_journal</c>: what runs wrote into the terminal's rows, oldest first.</summary>
internal static class JournalTable
{
    // Inserted rows stand together in one entry: central's keys with a hash of each row as it was written. The index is narrow, and only ever grows at its end.
    public const string Sql = """
        CREATE TABLE IF NOT EXISTS payflow_journal (
          seq INTEGER PRIMARY KEY,
          run_id TEXT NOT NULL,
          table_name TEXT NOT NULL,
          op TEXT NOT NULL,
          key TEXT,
          keys BLOB,
          before TEXT,
          after TEXT,
          at DATETIME NOT NULL
        );
        CREATE INDEX IF NOT EXISTS payflow_journal_run_id ON payflow_journal (run_id)
        """;

    /// <summary>Whether the file has it; one that was attached before there was a journal gets it at its next run.</summary>
    public static bool Exists(SqliteDatabase database)
    {
        var present = database.Prepare("SELECT 1 FROM sqlite_schema WHERE name = 'payflow_journal_run_id'");
        var exists = present.Step();
        present.Reset();
        return exists;
    }

    /// <summary>Creates the table where it is missing.</summary>
    public static void Ensure(SqliteDatabase database)
    {
        if (!Exists(database))
            database.Write(() => database.Execute(Sql));
    }
}
