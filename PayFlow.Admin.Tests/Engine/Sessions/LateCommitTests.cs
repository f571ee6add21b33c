using Npgsql;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Central's transactions that are open while a terminal syncs.</summary>
public sealed class LateCommitTests
{
    private const string Central = """
        CREATE TABLE a (id int PRIMARY KEY, v text, updated_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE b (id int PRIMARY KEY, v text, updated_at timestamptz NOT NULL DEFAULT now());
        """;

    private const string Local = "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT, updated_at TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT, updated_at TEXT);";

    [Theory]
    [InlineData(CaptureMode.Trigger)]
    [InlineData(CaptureMode.Timestamp)]
    public async Task A_transaction_that_commits_after_a_sync_is_not_missed(CaptureMode capture)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, Entry("a", capture), Entry("b", capture));
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO a VALUES (1, 'old'), (2, 'old'); INSERT INTO b VALUES (1, 'old')");
        await till.SyncAsync();

        await using var late = await BeginAsync(chain, "UPDATE a SET v = 'late', updated_at = now() WHERE id = 1; INSERT INTO b VALUES (7, 'late'); INSERT INTO a VALUES (7, 'late')");
        await chain.Database.ExecuteAsync("UPDATE a SET v = 'between', updated_at = now() WHERE id = 2; INSERT INTO b VALUES (8, 'between')");
        await till.Sync.RunAsync();
        await chain.Database.ExecuteAsync("INSERT INTO a VALUES (9, 'between'); UPDATE b SET v = 'between', updated_at = now() WHERE id = 1");
        await till.Sync.RunAsync();
        Assert.Equal("old", till.Scalar("SELECT v FROM a WHERE id = 1"));
        await late.CommitAsync();
        await till.SyncAsync();

        Assert.Equal(["1late", "2between", "7late", "9between"], till.Texts("SELECT id || v FROM a ORDER BY id"));
        Assert.Equal(["1between", "7late", "8between"], till.Texts("SELECT id || v FROM b ORDER BY id"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_transaction_open_during_the_first_load_is_not_missed()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO a SELECT i, 'old' FROM generate_series(1, 50) i");

        await using var late = await BeginAsync(chain, "UPDATE a SET v = 'late' WHERE id = 3; DELETE FROM a WHERE id = 4");
        await till.Sync.RunAsync();
        Assert.Equal(50L, till.Scalar("SELECT count(*) FROM a WHERE v = 'old'"));
        await late.CommitAsync();
        await till.SyncAsync();

        Assert.Equal("late", till.Scalar("SELECT v FROM a WHERE id = 3"));
        Assert.Equal(49L, till.Scalar("SELECT count(*) FROM a"));
    }

    [Fact]
    public async Task A_savepoint_rolled_back_and_one_kept_arrive_as_they_were_committed()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await using var late = await BeginAsync(chain, "INSERT INTO a VALUES (1, 'kept'); SAVEPOINT s; INSERT INTO a VALUES (2, 'gone'); ROLLBACK TO s; SAVEPOINT s2; INSERT INTO a VALUES (3, 'kept'); RELEASE s2");
        await till.Sync.RunAsync();
        await late.CommitAsync();
        await till.SyncAsync();
        Assert.Equal(["1kept", "3kept"], till.Texts("SELECT id || v FROM a ORDER BY id"));
    }

    private static TableMapEntry Entry(string name, CaptureMode capture) => new() { Name = name, CentralCapture = capture };

    private static async Task<NpgsqlTransaction> BeginAsync(SyncFixture chain, string sql)
    {
        var connection = await chain.Database.DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return transaction;
    }
}
