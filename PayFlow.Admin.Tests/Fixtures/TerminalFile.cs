using Microsoft.Data.Sqlite;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>A SQLite file of its own, as a POS program would hold it open, deleted when disposed.</summary>
public sealed class TerminalFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("payflow-test-").FullName;

    public TerminalFile(string? schema = null)
    {
        Path = System.IO.Path.Combine(_folder, "till.db");
        if (schema is not null)
            Execute(schema);
    }

    public string Path { get; }

    /// <summary>Runs statements on a connection of their own, as a POS program does.</summary>
    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>All rows of a query, values as <see cref="SqliteDataReader.GetValue"/> gives them, NULL as null.</summary>
    public List<object?[]> Rows(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        return connection;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
