using Npgsql;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Values;

/// <summary>One table whose column <c>v</c> is under test.</summary>
internal sealed class Traveller(NpgsqlDataSource source, string table, ColumnSchema column)
{
    public string Table { get; } = table;

    /// <summary>Whether the server's key text must be the text of the value read.</summary>
    public bool ChecksKeyText { get; set; } = true;

    public ColumnCodec Codec { get; } = ColumnCodecs.For(column);

    /// <summary>Sends the values and gives back what central holds, in the same order. Both ways of reading must agree, and so must the server's own comparison and key text.</summary>
    public async Task<CellValue[]> SendAsync(params CellValue[] values)
    {
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, $"TRUNCATE {Table}; DROP TABLE IF EXISTS stage; CREATE TEMPORARY TABLE stage (n int, v {Codec.StageType})");
        Copy(connection, values);
        await ExecuteAsync(connection, $"INSERT INTO {Table} (n, v) SELECT n, {Codec.FromStage("s.v")} FROM stage s");
        await AssertSameAsync(connection);
        await AssertKeysAsync(connection);
        return Read(connection);
    }

    private CellValue[] Read(NpgsqlConnection connection)
    {
        var exported = Export(connection);
        using var command = new NpgsqlCommand($"SELECT {Codec.ReadExpression("v")}, {Codec.KeyText("v")} FROM {Table} ORDER BY n", connection);
        using var reader = command.ExecuteReader();
        var read = new List<CellValue>();
        while (reader.Read())
        {
            var value = Codec.Read(reader, 0);
            if (ChecksKeyText && !value.IsNull)
                Assert.Equal(value.ToString(), reader.GetString(1));
            read.Add(value);
        }
        Assert.Equal(exported, read);
        return exported;
    }

    public PgCell Encode(CellValue value)
    {
        Assert.True(Codec.TryEncode(value, out var cell, out var refusal), refusal);
        return cell;
    }

    public string? Refusal(CellValue value)
    {
        Assert.False(Codec.TryEncode(value, out _, out var refusal));
        return refusal;
    }

    private void Copy(NpgsqlConnection connection, CellValue[] values)
    {
        using var stream = connection.BeginRawBinaryCopy("COPY stage (n, v) FROM STDIN (FORMAT BINARY)");
        var writer = new CopyWriter(stream, columns: 2);
        writer.Begin();
        for (var i = 0; i < values.Length; i++)
        {
            writer.StartRow();
            writer.Write(i);
            Codec.Write(writer, Encode(values[i]));
        }
        writer.End();
    }

    private CellValue[] Export(NpgsqlConnection connection)
    {
        var values = new List<CellValue>();
        using var exporter = connection.BeginBinaryExport($"COPY (SELECT {Codec.ReadExpression("v")} FROM {Table} ORDER BY n) TO STDOUT (FORMAT BINARY)");
        while (exporter.StartRow() >= 0)
            values.Add(Codec.Read(exporter));
        return [.. values];
    }

    /// <summary>What was staged and what the target holds must be the same to the server.</summary>
    private async Task AssertSameAsync(NpgsqlConnection connection) => Assert.Equal(0L, await ScalarAsync(connection, $"""
        SELECT count(*) FROM stage s JOIN {Table} t USING (n)
        WHERE {Codec.Comparable(Codec.FromStage("s.v"))} IS DISTINCT FROM {Codec.Comparable("t.v")}
        """));

    /// <summary>A key's text must lead back to its row.</summary>
    private async Task AssertKeysAsync(NpgsqlConnection connection) => Assert.Equal(0L, await ScalarAsync(connection, $"""
        SELECT count(*) FROM {Table} t
        WHERE {Codec.Comparable(Codec.KeyFromText(Codec.KeyText("t.v")))} IS DISTINCT FROM {Codec.Comparable("t.v")}
        """));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
