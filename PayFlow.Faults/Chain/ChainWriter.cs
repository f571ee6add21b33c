using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PayFlow.Faults.Chain;

/// <summary>Writes as POS programs and the head office do, and keeps account of what was committed.</summary>
internal sealed class ChainWriter(ChainShape shape, TokenLedger ledger, ChainColumns columns, List<string> log)
{
    private readonly string _snapshot = string.Join(" UNION ALL ", shape.Tables.Select((t, i) => $"SELECT {i}, token, coalesce(v1, ''), coalesce(v2, ''), {(t.IsAdditive ? "coalesce(qty, 0)" : "0")} FROM {t.Name}"));

    /// <summary>One transaction of a few statements; what a constraint refuses is rolled back.</summary>
    public void Change(ChainSide side, DbConnection connection, Random random, int statements)
    {
        using var transaction = connection.BeginTransaction();
        if (Write(side, connection, transaction, random, statements) is not { } change)
            return;
        transaction.Commit();
        ledger.Commit(side.Name, change.Before, change.After);
    }

    /// <summary>One given statement; <c>{0}</c> in it stands for a new change.</summary>
    public void Say(ChainSide side, DbConnection connection, string sql)
    {
        using var transaction = connection.BeginTransaction();
        if (Write(side, connection, transaction, 1, _ => sql.Replace("{0}", ledger.Change(), StringComparison.Ordinal)) is not { } change)
            return;
        transaction.Commit();
        ledger.Commit(side.Name, change.Before, change.After);
    }

    /// <summary>One transaction with one statement that makes many rows.</summary>
    public void Fill(ChainSide side, DbConnection connection, Random random, int rows)
    {
        using var transaction = connection.BeginTransaction();
        var drawn = new ChainStatements(shape, random, ledger, columns, side);
        if (Write(side, connection, transaction, 1, column => drawn.Many(rows, column)) is not { } change)
            return;
        transaction.Commit();
        ledger.Commit(side.Name, change.Before, change.After);
    }

    /// <summary>The same, without the commit.</summary>
    /// <returns>Null when a constraint refused it and the transaction was rolled back.</returns>
    public (ChainSnapshot Before, ChainSnapshot After)? Write(ChainSide side, DbConnection connection, DbTransaction transaction, Random random, int statements)
    {
        var drawn = new ChainStatements(shape, random, ledger, columns, side);
        return Write(side, connection, transaction, statements, drawn.Next);
    }

    private (ChainSnapshot Before, ChainSnapshot After)? Write(ChainSide side, DbConnection connection, DbTransaction transaction, int statements, Func<Func<string, List<string>>, string?> next)
    {
        var sql = string.Empty;
        try
        {
            var before = Snapshot(connection, transaction);
            for (var i = 0; i < statements; i++)
            {
                sql = next(query => Column(connection, transaction, query)) ?? "SELECT 1";
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = sql;
                command.ExecuteNonQuery();
                log.Add($"   {side.Name}: {sql}");
            }
            return (before, Snapshot(connection, transaction));
        }
        catch (Exception e) when (e is SqliteException { SqliteErrorCode: 19 } || e is PostgresException { SqlState: ['2', '3', ..] or "55P03" or "21000" })
        {
            log.Add($"   {side.Name}: {sql} -- refused: {e.Message}");
            transaction.Rollback();
            return null;
        }
    }

    public ChainSnapshot Snapshot(DbConnection connection, DbTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = _snapshot;
        using var reader = command.ExecuteReader();
        var rows = new Dictionary<string, ChainRow>(StringComparer.Ordinal);
        while (reader.Read())
            rows[reader.GetString(1)] = new ChainRow(shape.Tables[reader.GetInt32(0)], reader.GetString(2), reader.GetString(3), reader.GetInt64(4));
        return new ChainSnapshot(rows);
    }

    public static List<string> Column(DbConnection connection, DbTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.GetString(0));
        return values;
    }
}
