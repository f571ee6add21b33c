using Microsoft.Data.Sqlite;
using Npgsql;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>
/// What is to be created on one side so that it has what the other side has. Nothing that exists is altered but by added columns, and no row is touched;
/// made again after it was applied, it is empty.
/// </summary>
/// <param name="Side">The side on which the statements are to be run.</param>
/// <param name="Statements">In the order in which they must run.</param>
/// <param name="Notes">What was left out or had to be chosen, with the reason and what can be done about it.</param>
public sealed record ProvisionScript(DatabaseSide Side, IReadOnlyList<ProvisionStatement> Statements, IReadOnlyList<SchemaFinding> Notes)
{
    public bool IsEmpty => Statements.Count == 0;

    /// <summary>The whole script, to be read or kept.</summary>
    public string ToSql() => string.Concat(Statements.Select(s => $"-- {s.Description.ReplaceLineEndings(" ")}\n{s.Sql};\n\n"));

    /// <summary>Runs the statements on central in one transaction: all of them or none.</summary>
    /// <exception cref="SyncException">Central refused a statement; its description is in the message.</exception>
    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        Require(DatabaseSide.Central);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in Statements)
        {
            await using var command = new NpgsqlCommand(statement.Sql, connection, transaction);
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException e)
            {
                throw Refused(statement, e.MessageText, e);
            }
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Runs the statements on the terminal in one transaction, <c>BEGIN IMMEDIATE</c>: all of them or none.</summary>
    /// <exception cref="SyncException">The terminal refused a statement; its description is in the message.</exception>
    public void Apply(SqliteConnection connection)
    {
        Require(DatabaseSide.Terminal);
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var statement in Statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            try
            {
                command.ExecuteNonQuery();
            }
            catch (SqliteException e)
            {
                throw Refused(statement, e.Message, e);
            }
        }
        transaction.Commit();
    }

    private void Require(DatabaseSide side)
    {
        if (Side != side)
            throw new InvalidOperationException($"A script for the {Side} side cannot be run on the {side} side.");
    }

    private SyncException Refused(ProvisionStatement statement, string reason, Exception cause) =>
        new(SyncErrorCode.SchemaMismatch, $"cannot {statement.Description} on the {Side.ToString().ToLowerInvariant()} side: {reason}",
            "Nothing was changed; put the reason right or leave the table out of the map, and run it again.", cause)
        {
            Operation = "provision",
            Table = statement.Table,
        };
}
