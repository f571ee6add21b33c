using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Somebody else has the file, or the terminal.</summary>
public sealed class BusyTests
{
    private static readonly SyncOptions Impatient = new() { BusyTimeout = TimeSpan.FromMilliseconds(20), TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_file_locked_by_the_pos_program_is_a_passing_trouble_and_nothing_is_lost()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2);
        var till = await chain.ReopenAsync(await chain.TillAsync("T1", Shop.Local), Impatient);
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        using (var connection = till.File.Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            var busy = await Assert.ThrowsAsync<SyncException>(() => till.Sync.RunAsync());
            Assert.True(busy.IsTransient);
            Assert.Equal(SyncErrorCode.TerminalUnavailable, busy.Code);
            Assert.Contains("locked", busy.Message, StringComparison.Ordinal);
        }
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders"));
    }

    [Fact]
    public async Task A_lock_that_is_let_go_of_while_the_run_tries_again_is_not_even_noticed()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.ReopenAsync(await chain.TillAsync("T1", Shop.Local), Impatient with { TransientAttempts = 500, TransientDelay = TimeSpan.FromMilliseconds(1) });
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        using var connection = till.File.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        var running = till.Sync.RunAsync();
        while (await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.sync_log WHERE status = 'FAILED' AND sync_type = 'manual'") == 0)
            await Task.Delay(5);
        command.CommandText = "ROLLBACK";
        command.ExecuteNonQuery();
        Assert.True((await running).IsClean);
        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders"));
    }

    [Theory]
    [InlineData("batch-claimed")]
    [InlineData("page-read")]
    public async Task A_second_engine_on_the_same_terminal_is_told_that_it_is_busy(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        var second = chain.Open("T1", till.File, Impatient with { TransientAttempts = 1 });
        SyncException? told = null;
        till = await chain.ReopenAsync(till, new SyncOptions
        {
            Step = name =>
            {
                if (name == step && told is null)
                    told = Assert.Throws<SyncException>(() => Task.Run(() => second.Sync.RunAsync()).GetAwaiter().GetResult());
            },
        });
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        await till.SyncAsync();
        Assert.Equal(SyncErrorCode.Busy, told?.Code);
        Assert.True(told!.IsTransient);
        await second.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders"));
    }

    [Fact]
    public async Task A_connection_that_central_cuts_is_a_passing_trouble()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        var cuts = 0;
        till = await chain.ReopenAsync(till, new SyncOptions
        {
            TransientAttempts = 10,
            TransientDelay = TimeSpan.FromMilliseconds(1),
            Step = name =>
            {
                if (name is "batch-claimed" or "batch-applied" or "page-read" && cuts++ < 4)
                    Task.Run(() => chain.Database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'payflow'")).GetAwaiter().GetResult();
            },
        });
        till.Execute(Shop.Sale("A", "p1").Replace("'p1'", "NULL", StringComparison.Ordinal));
        await till.SyncAsync();
        Assert.True(cuts > 2);
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders"));
    }
}
