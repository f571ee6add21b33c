using System.Text.Json;
using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// Rows that looked different, and those that proved to be. They are kept in a temporary database on the disk, because there may be as many as the tables have rows.
/// </summary>
internal sealed class VerifyFindings : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _add;
    private SqliteTransaction? _transaction;

    public VerifyFindings()
    {
        // An empty name: a file that SQLite makes for itself and removes in the end (https://www.sqlite.org/inmemorydb.html#temp_db).
        _connection = new SqliteConnection("Data Source=;Pooling=False");
        _connection.Open();
        Execute("CREATE TABLE findings (id INTEGER PRIMARY KEY, proven INTEGER NOT NULL, table_name TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT, own TEXT); CREATE INDEX findings_by_table ON findings (proven, table_name, kind, id)");
        _add = _connection.CreateCommand();
        _add.CommandText = "INSERT INTO findings (proven, table_name, kind, key, own) VALUES ($proven, $table, $kind, $key, $own)";
        foreach (var name in new[] { "$proven", "$table", "$kind", "$key", "$own" })
            _add.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    /// <param name="finding">The row.</param>
    /// <param name="isProven">It was looked at again.</param>
    public void Add(VerifyFinding finding, bool isProven)
    {
        _transaction ??= _connection.BeginTransaction();
        _add.Transaction = _transaction;
        _add.Parameters[0].Value = isProven;
        _add.Parameters[1].Value = finding.Table;
        _add.Parameters[2].Value = (int)finding.Kind;
        _add.Parameters[3].Value = (object?)finding.Key ?? DBNull.Value;
        _add.Parameters[4].Value = finding.OwnKey is { } own ? JsonSerializer.Serialize(own, CellJson.Options) : DBNull.Value;
        _add.ExecuteNonQuery();
    }

    /// <summary>Findings of one table, a handful at a time, in the order in which they were added.</summary>
    public IEnumerable<IReadOnlyList<VerifyFinding>> Read(string table, bool isProven, int limit, DifferenceKind? kind = null)
    {
        var after = 0L;
        while (true)
        {
            var found = Page(table, isProven, kind, limit, ref after);
            if (found.Count == 0)
                yield break;
            yield return found;
        }
    }

    public long Count(string table, bool isProven)
    {
        using var command = Command("SELECT count(*) FROM findings WHERE table_name = $table AND proven = $proven", ("$table", table), ("$proven", isProven));
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Forgets a table's rows that were not looked at again.</summary>
    public void Forget(string table)
    {
        using var command = Command("DELETE FROM findings WHERE table_name = $table AND proven = 0", ("$table", table));
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _transaction?.Dispose();
        _add.Dispose();
        _connection.Dispose();
    }

    private List<VerifyFinding> Page(string table, bool isProven, DifferenceKind? kind, int limit, ref long after)
    {
        using var command = Command(
            $"SELECT id, kind, key, own FROM findings WHERE table_name = $table AND proven = $proven{(kind is null ? string.Empty : " AND kind = $kind")} AND id > $after ORDER BY id LIMIT $limit",
            ("$table", table), ("$proven", isProven), ("$kind", (int?)kind ?? 0), ("$after", after), ("$limit", limit));
        using var row = command.ExecuteReader();
        var found = new List<VerifyFinding>();
        while (row.Read())
        {
            after = row.GetInt64(0);
            var own = row.IsDBNull(3) ? null : JsonSerializer.Deserialize<CellValue[]>(row.GetString(3), CellJson.Options);
            found.Add(new VerifyFinding(table, (DifferenceKind)row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2), own));
        }
        return found;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }
}
