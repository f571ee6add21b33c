using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Data;

/// <summary>A terminal's SQLite file, opened as a POS program opens it.</summary>
internal sealed class TillFile : IDisposable
{
    private TillFile(string path)
    {
        Path = path;
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        Connection.Open();
    }

    public string Path { get; }

    public SqliteConnection Connection { get; }

    public static string SalesTable(string name = "sales") => $"""
        CREATE TABLE {name} (
          id       VARCHAR(36) PRIMARY KEY NOT NULL,
          article  TEXT        NOT NULL,
          amount   TEXT        NOT NULL,
          quantity INTEGER     NOT NULL,
          paid     BOOLEAN     NOT NULL,
          sold_at  TIMESTAMP   NOT NULL,
          note     TEXT,
          number   INTEGER     NOT NULL)
        """;

    public static TillFile Open(string path) => new(path);

    /// <summary>A new file with an empty sales table.</summary>
    public static TillFile Create(string path)
    {
        var till = new TillFile(path);
        till.Execute("PRAGMA journal_mode = WAL");
        till.Execute(SalesTable());
        return till;
    }

    /// <summary>Inserts rows in one transaction by a prepared statement.</summary>
    public void Insert(IEnumerable<SaleRow> rows)
    {
        using var transaction = Connection.BeginTransaction();
        using var insert = new SaleInsert(this) { Transaction = transaction };
        foreach (var row in rows)
            insert.Run(row);
        transaction.Commit();
    }

    public int Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public long Scalar(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public long Count() => Scalar("SELECT count(*) FROM sales");

    /// <summary>Makes the file a terminal of this central.</summary>
    public static Task<AttachReport> AttachAsync(string path, BenchDatabase central, string terminal = "bench") =>
        new Attachment(central.Source).AttachAsync(new AttachRequest { Path = path, Terminal = terminal }, CancellationToken.None);

    /// <summary>The engine, ready to sync an attached file.</summary>
    public static TerminalSync Sync(string path, BenchDatabase central) => new(path, new PostgresCentral(central.Source));

    public void Dispose() => Connection.Dispose();

    /// <summary>Removes a file that nobody has open.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
            File.Delete(path + suffix);
    }
}
