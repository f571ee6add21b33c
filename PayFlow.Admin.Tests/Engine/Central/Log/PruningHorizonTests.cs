using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Central.Log;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Log;

public sealed class PruningHorizonTests
{
    [Fact]
    public async Task The_log_is_not_shortened_past_a_transaction_that_still_runs()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await using var slow = await chain.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var write = slow.CreateCommand())
        {
            write.CommandText = "INSERT INTO products VALUES ('late', NULL, 'late')";
            await write.ExecuteNonQueryAsync();
        }
        // Committed behind it: nobody can have read this yet, however old the log calls it.
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('early', NULL, 'early')");
        await using (var connection = await chain.Source.OpenConnectionAsync())
            await ChangeLogPruning.ExecuteAsync(connection, TimeSpan.Zero, CancellationToken.None);
        await till.Sync.RunAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await transaction.CommitAsync();

        await till.SyncAsync();
        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM products WHERE id IN ('late', 'early')"));
    }
}
