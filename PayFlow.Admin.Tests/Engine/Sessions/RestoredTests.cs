using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Files from backups, and a central from a backup.</summary>
public sealed class RestoredTests
{
    [Fact]
    public async Task A_file_restored_from_a_backup_catches_up_and_its_lost_sales_come_back()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S1", "p1"));
        await till.SyncAsync();
        till.Execute(Shop.Sale("S2 unsent in the backup", "p2"));
        var backup = Backup(till);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S3 lost", "p3") + Shop.Sale("S4 lost", "p4") + "UPDATE orders SET status = 'paid' WHERE number = 'S1'; DELETE FROM products WHERE id = 'p5'");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'newer' WHERE id = 'p1'");
        await till.SyncAsync();

        till = await RestoreAsync(chain, till, backup);
        till.Execute(Shop.Sale("S5 re-uses a key", "p1") + Shop.Sale("S6 re-uses another", "p2"));
        var report = await till.SyncAsync();
        Assert.Contains(report.Warnings, w => w.Contains("backup", StringComparison.Ordinal));
        till.Execute(Shop.Sale("S7 after it", "p1"));
        await till.SyncAsync();
        till.Execute("UPDATE orders SET total = local_id WHERE number LIKE '%lost'");
        await till.SyncAsync();

        Assert.Equal(["S1", "S2 unsent in the backup", "S3 lost", "S4 lost", "S5 re-uses a key", "S6 re-uses another", "S7 after it"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(7L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Equal("paid", await chain.Database.ScalarAsync<string>("SELECT status FROM orders WHERE number = 'S1'"));
        Assert.Equal(7L, await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT order_id) FROM order_items"));
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_sale_that_the_backup_had_not_sent_does_not_come_down_beside_itself()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S1 unsent in the backup", "p1"));
        var backup = Backup(till);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S2", "p1"));
        await till.SyncAsync();

        till = await RestoreAsync(chain, till, backup);
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Push });
        await till.SyncAsync();

        Assert.Equal(["S1 unsent in the backup", "S2"], till.Texts("SELECT number FROM orders ORDER BY 1"));
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Theory]
    [InlineData("advance-confirmed")]
    [InlineData("batch-claimed")]
    [InlineData("batch-applied")]
    [InlineData("batch-acknowledged")]
    [InlineData("page-read")]
    [InlineData("page-written")]
    public async Task A_restored_file_catches_up_although_its_first_run_is_killed(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        var backup = Backup(till);
        till.Execute(Shop.Sale("S1 lost", "p1") + Shop.Sale("S2 lost", "p2"));
        await till.SyncAsync();

        till = await RestoreAsync(chain, till, backup);
        till.Execute(Shop.Sale("S3 re-uses a key", "p3"));
        till = await chain.KillAtAsync(till, step);
        till.Execute(Shop.Sale("S4 re-uses another", "p4"));
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Equal(["S1 lost", "S2 lost", "S3 re-uses a key", "S4 re-uses another"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Fact]
    public async Task Lost_sales_come_back_although_the_first_run_of_a_restored_file_only_uploads()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        var backup = Backup(till);
        till.Execute(Shop.Sale("S1 lost", "p1"));
        await till.SyncAsync();
        till = await RestoreAsync(chain, till, backup);
        till.Execute("INSERT INTO customers VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'C', NULL)");
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Pull });
        await till.Sync.RunAsync(new SyncRequest { Tables = ["customers"] });
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Fact]
    public async Task A_new_sale_of_a_restored_file_is_no_old_one_where_orders_only_travel_up()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull }, new TableMapEntry { Name = "order_items", Direction = SyncDirection.Pull }, new TableMapEntry { Name = "products" });
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        var backup = Backup(till);
        till.Execute(Shop.Sale("S1", "p1") + Shop.Sale("S2", "p2") + Shop.Sale("S3", "p2"));
        await till.SyncAsync();
        till = await RestoreAsync(chain, till, backup);
        foreach (var number in new[] { "S4", "S5", "S6", "S7" })
        {
            till.Execute(Shop.Sale(number, "p3"));
            await till.SyncAsync();
        }
        Assert.Equal(["S1", "S2", "S3", "S4", "S5", "S6", "S7"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(7L, await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT order_id) FROM order_items"));
    }

    [Fact]
    public async Task Stale_entries_of_a_backup_neither_book_twice_nor_overwrite_newer_values_silently()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.LocalWins }, new TableMapEntry { Name = "customers" }, new TableMapEntry { Name = "orders" }, new TableMapEntry { Name = "order_items" });
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S1", "p1") + "UPDATE products SET name = 'stale' WHERE id = 'p2'; DELETE FROM products WHERE id = 'p3'");
        var backup = Backup(till);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'newer' WHERE id = 'p2'; UPDATE orders SET status = 'shipped'; INSERT INTO products VALUES ('p3', 'sku3', 'reborn', 1, 1)");
        await till.SyncAsync();

        till = await RestoreAsync(chain, till, backup);
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal("shipped", await chain.Database.ScalarAsync<string>("SELECT status FROM orders"));
        Assert.Equal("shipped", till.Scalar("SELECT status FROM orders"));
        Assert.Equal("newer", await chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 'p2'"));
        Assert.Equal("reborn", await chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 'p3'"));
        Assert.Contains("p2", await chain.TextsAsync("SELECT key FROM payflow.conflicts"));
    }

    [Fact]
    public async Task A_restored_file_has_not_caught_up_before_its_own_changes_behind_an_open_transaction_have_been_read()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        var backup = Backup(till);
        await using var connection = await chain.Database.DataSource.OpenConnectionAsync();
        await using var late = await connection.BeginTransactionAsync();
        await using var report = new NpgsqlCommand("UPDATE products SET stock = 0 WHERE id = 'p1'", connection, late);
        await report.ExecuteNonQueryAsync();
        till.Execute("UPDATE products SET name = 'renamed here' WHERE id = 'p2'; DELETE FROM products WHERE id = 'p3'");
        await till.Sync.RunAsync();
        till = await RestoreAsync(chain, till, backup);
        await till.Sync.RunAsync();
        await till.Sync.RunAsync();

        await late.CommitAsync();
        await till.SyncAsync();

        Assert.Equal("renamed here", till.Scalar("SELECT name FROM products WHERE id = 'p2'"));
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Fact]
    public async Task A_backup_that_is_put_back_twice_under_a_running_engine_is_noticed_both_times()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        var backup = Backup(till);
        foreach (var number in new[] { "S1", "S2" })
        {
            // The copy has its original's times, and so looks like the file that was opened after the first restore.
            File.Delete(till.File.Path);
            File.Copy(backup, till.File.Path);
            File.SetLastWriteTimeUtc(till.File.Path, new DateTime(2024, 5, 1, 0, 0, 0, DateTimeKind.Utc));
            till.Execute(Shop.Sale(number, "p1"));
            File.SetLastWriteTimeUtc(till.File.Path, new DateTime(2024, 5, 1, 0, 0, 0, DateTimeKind.Utc));
            await till.SyncAsync();
        }
        await till.SyncAsync();

        Assert.Equal(["S1", "S2"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Fact]
    public async Task A_central_restored_to_an_earlier_point_gets_again_what_it_lost()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("S1", "p1"));
        await till.SyncAsync();
        await using var snapshot = await SnapshotAsync(chain);
        till.Execute(Shop.Sale("S2 lost", "p2") + "UPDATE orders SET status = 'paid' WHERE number = 'S1'; INSERT INTO customers VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'lost', NULL)");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO customers VALUES ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'made in central, lost there', NULL)");
        await till.SyncAsync();
        till.Execute("UPDATE orders SET status = 'changed before the restore is known' WHERE number = 'S2 lost'");
        await till.Sync.DisposeAsync();

        await using var source = await PostgresSource.OpenAsync(snapshot.ConnectionString, CancellationToken.None);
        await using var sync = new TerminalSync(till.File.Path, new PostgresCentral(source));
        await till.Settled();
        var report = await sync.RunAsync();
        Assert.Contains(report.Warnings, w => w.Contains("older than this terminal", StringComparison.Ordinal));
        await till.Settled();
        await sync.RunAsync();
        await till.Settled();
        Assert.Equal(0, (await sync.RunAsync()).Moved);

        Assert.Equal(["S1 paid", "S2 lost changed before the restore is known"], await TextsAsync(snapshot, "SELECT number || ' ' || status FROM orders ORDER BY 1"));
        Assert.Equal(2L, await snapshot.ScalarAsync<long>("SELECT count(DISTINCT order_id) FROM order_items"));
        Assert.Equal(2L, await snapshot.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Equal(["lost", "made in central, lost there"], await TextsAsync(snapshot, "SELECT name FROM customers ORDER BY 1"));
        Assert.Equal(99, await snapshot.ScalarAsync<int>("SELECT stock FROM products WHERE id = 'p2'"));
        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM orders"));
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM sync_queue"));
    }

    private static string Backup(Till till)
    {
        var path = till.File.Path + ".backup";
        till.Execute($"VACUUM INTO '{path}'");
        return path;
    }

    private static async Task<Till> RestoreAsync(SyncFixture chain, Till till, string backup)
    {
        await till.Sync.DisposeAsync();
        File.Delete(till.File.Path + "-wal");
        File.Delete(till.File.Path + "-shm");
        File.Copy(backup, till.File.Path, overwrite: true);
        return chain.Open(till.Id, till.File);
    }

    private static async Task<CentralDatabase> SnapshotAsync(SyncFixture chain)
    {
        var copy = await CentralDatabase.CreateAsync();
        var (from, to) = (new NpgsqlConnectionStringBuilder(chain.Database.ConnectionString).Database, new NpgsqlConnectionStringBuilder(copy.ConnectionString).Database);
        await using var admin = new NpgsqlConnection(await TestServer.ConnectionStringAsync());
        await admin.OpenAsync();
        // Pools of this process find their connections gone: they are emptied, so that the next call opens a new one.
        chain.Source.Clear();
        chain.Database.DataSource.Clear();
        foreach (var sql in new[] { $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'", $"DROP DATABASE {to}", $"CREATE DATABASE {to} TEMPLATE {from}" })
        {
            await using var command = new NpgsqlCommand(sql, admin);
            await command.ExecuteNonQueryAsync();
        }
        return copy;
    }

    private static async Task<List<string>> TextsAsync(CentralDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
            texts.Add(reader.GetString(0));
        return texts;
    }
}
