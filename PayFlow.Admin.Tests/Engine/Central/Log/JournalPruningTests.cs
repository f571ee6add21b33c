using PayFlow.Admin.Tests.Engine.Integrity;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Log;

public sealed class JournalPruningTests
{
    [Fact]
    public async Task Old_runs_lose_their_journal_and_the_one_that_runs_keeps_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var runs = await RunsAsync(chain);
        await chain.Database.ExecuteAsync($"UPDATE payflow.sync_log SET started_at = now() - interval '31 days' WHERE id IN ('{runs[0]}', '{runs[1]}'); UPDATE payflow.sync_log SET status = 'RUNNING' WHERE id = '{runs[1]}'");

        await PruneAsync(chain, new JournalRetention());

        Assert.Equal([0L, 1L, 1L], await EntriesAsync(chain, runs));
        var e = await Assert.ThrowsAsync<SyncException>(() => chain.RollBackAsync(runs[0]));
        Assert.Contains("was removed on", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_rows_cost_the_oldest_runs_theirs()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var runs = await RunsAsync(chain);

        await PruneAsync(chain, new JournalRetention { CentralRows = 2 });

        Assert.Equal([0L, 1L, 1L], await EntriesAsync(chain, runs));
        Assert.Equal(0, await PruneAsync(chain, new JournalRetention { CentralRows = 2 }));
    }

    [Fact]
    public async Task A_pruning_that_died_on_the_way_is_finished_by_the_next()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var runs = await RunsAsync(chain);
        await chain.Database.ExecuteAsync($"UPDATE payflow.sync_log SET journal_pruned_at = now() WHERE id = '{runs[2]}'");

        Assert.Equal(1, await PruneAsync(chain, new JournalRetention()));
        Assert.Equal([1L, 1L, 0L], await EntriesAsync(chain, runs));
    }

    [Fact]
    public async Task The_change_log_is_shortened_step_by_step()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO products SELECT 'p' || i, NULL, 'x' FROM generate_series(1, 25000) i");
        await till.SyncAsync();
        await using var connection = await chain.Source.OpenConnectionAsync();

        Assert.Equal(25_000, await ChangeLogPruning.ExecuteAsync(connection, TimeSpan.FromDays(45), CancellationToken.None));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    private static async Task<List<Guid>> RunsAsync(SyncFixture chain)
    {
        var till = await chain.TillAsync("T1", Shop.Local);
        var runs = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            till.Execute($"INSERT INTO products (id, name) VALUES ('p{i}', 'x')");
            runs.Add((await till.SyncAsync()).RunId);
        }
        return runs;
    }

    private static async Task<long> PruneAsync(SyncFixture chain, JournalRetention retention)
    {
        await using var connection = await chain.Source.OpenConnectionAsync();
        return await JournalPruning.ExecuteAsync(connection, retention, CancellationToken.None);
    }

    private static async Task<List<long>> EntriesAsync(SyncFixture chain, List<Guid> runs)
    {
        var entries = new List<long>();
        foreach (var run in runs)
            entries.Add(await chain.Database.ScalarAsync<long>($"SELECT count(*) FROM payflow.journal WHERE run_id = '{run}'"));
        return entries;
    }
}
