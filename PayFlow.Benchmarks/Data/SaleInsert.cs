using Microsoft.Data.Sqlite;

namespace PayFlow.Benchmarks.Data;

/// <summary>A prepared insert into a till's sales table, as the provider's documentation teaches it.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/standard/data/sqlite/bulk-insert</remarks>
internal sealed class SaleInsert : IDisposable
{
    private static readonly string[] Columns = ["id", "article", "amount", "quantity", "paid", "sold_at", "note", "number"];

    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    public SaleInsert(TillFile till)
    {
        Till = till;
        _command = till.Connection.CreateCommand();
        _command.CommandText = $"INSERT INTO sales ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select(c => "$" + c))})";
        _parameters = [.. Columns.Select(c => _command.Parameters.Add(new SqliteParameter { ParameterName = "$" + c }))];
    }

    public TillFile Till { get; }

    /// <summary>The transaction that <see cref="Run"/> belongs to; each row has one of its own when null.</summary>
    public SqliteTransaction? Transaction
    {
        set => _command.Transaction = value;
    }

    public void Run(SaleRow row)
    {
        _parameters[0].Value = row.Id;
        _parameters[1].Value = row.Article;
        _parameters[2].Value = row.Amount;
        _parameters[3].Value = row.Quantity;
        _parameters[4].Value = row.IsPaid;
        _parameters[5].Value = row.SoldAt;
        _parameters[6].Value = (object?)row.Note ?? DBNull.Value;
        _parameters[7].Value = row.Number;
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
