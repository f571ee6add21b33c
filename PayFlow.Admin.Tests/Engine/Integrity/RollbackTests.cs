using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Rollbacks;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

public sealed class RollbackTests
{
    [Fact]
    public async Task A_pull_of_new_changed_and_deleted_rows_leaves_central_as_it_was()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute(Shop.Sale("A1", "p1"));
        await till.SyncAsync();
        await till.SyncAsync();
        var before = await RollbackCase.CentralAsync(chain);
        till.Execute(Shop.Sale("A2", "p2", 3) + Shop.Sale("A3", "p3") + "DELETE FROM order_items WHERE local_id = 1; DELETE FROM products WHERE id = 'p5'; UPDATE products SET name = 'Tea', price = '9.99' WHERE id = 'p4'; INSERT INTO customers VALUES ('0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f', 'Ann', NULL)");
        var run = await till.SyncAsync();
        Assert.NotEqual(before, await RollbackCase.CentralAsync(chain));

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Equal(0, report.LeftCount);
        // The link of a row that the till deleted is gone for good: the till may use the number again.
        Assert.Equal(before.Where(r => r != before.Single(x => x!.StartsWith("link T1|order_items|1|", StringComparison.Ordinal))), await RollbackCase.CentralAsync(chain));
        Assert.Equal(run.RunId, report.Undone.Id);
        Assert.Equal("rollback SYNCED", await chain.Database.ScalarAsync<string>($"SELECT sync_type || ' ' || status FROM payflow.sync_log WHERE id = '{report.RunId}' AND undoes = '{run.RunId}'"));
        Assert.Equal("test", await chain.Database.ScalarAsync<string>($"SELECT actor FROM payflow.audit WHERE run_id = '{report.RunId}' AND action = 'run.rollback'"));
    }

    [Fact]
    public async Task Tables_that_travel_both_ways_follow_in_the_tills()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        var before = RollbackCase.Till(till);
        till.Execute("UPDATE products SET name = 'Tea' WHERE id = 'p1'; DELETE FROM products WHERE id = 'p2'; INSERT INTO products (id, name) VALUES ('p9', 'New')" + ";" + Shop.Sale("A1", "p3"));
        var run = await till.SyncAsync();
        await chain.RollBackAsync(run.RunId, till);
        await till.SyncAsync();

        Assert.Equal(before, RollbackCase.Till(till));
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_rollback_can_be_rolled_back_links_included()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute(Shop.Sale("A1", "p1") + "DELETE FROM products WHERE id = 'p2'; UPDATE products SET name = 'Tea' WHERE id = 'p3'");
        var run = await till.SyncAsync();
        var after = await RollbackCase.CentralAsync(chain);
        var undo = await chain.RollBackAsync(run.RunId, till);
        Assert.Empty(await chain.TextsAsync("SELECT local_key FROM payflow.links"));

        var redo = await chain.RollBackAsync(undo.RunId!.Value, till);

        Assert.Equal(0, redo.LeftCount);
        Assert.Equal(after, await RollbackCase.CentralAsync(chain));
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        var again = await chain.RollBackAsync(run.RunId, till);
        Assert.Equal(0, again.LeftCount);
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Rows_that_changed_since_are_named_and_left()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute("UPDATE products SET name = 'Tea' WHERE id IN ('p1', 'p2'); DELETE FROM products WHERE id = 'p3'; INSERT INTO products (id, name) VALUES ('p8', 'A'), ('p9', 'B')");
        var run = await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 1 WHERE id IN ('p1', 'p8'); INSERT INTO products (id, name) VALUES ('p3', 'Other')");

        var report = await chain.RollBackAsync(run.RunId);

        Assert.Equal(["p1 it was changed since", "p3 a row with this key is there again", "p8 it was changed since"], report.Left.Where(l => l.Side == RollbackSide.Central).Select(l => $"{l.Key} {l.Reason}").Order(StringComparer.Ordinal));
        Assert.Equal("Product 2", await chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 'p2'"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM products WHERE id = 'p9'"));
    }

    [Fact]
    public async Task A_row_to_which_others_refer_stays_and_takes_none_down()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute(Shop.Sale("A1", "p1") + Shop.Sale("A2", "p2"));
        var run = await till.SyncAsync();
        // ON DELETE CASCADE would take it along.
        await chain.Database.ExecuteAsync("INSERT INTO order_items (id, order_id, quantity) SELECT 'mine', id, 7 FROM orders WHERE number = 'A1'");

        var report = await chain.RollBackAsync(run.RunId);

        Assert.Equal("rows of order_items refer to it", Assert.Single(report.Left).Reason);
        Assert.Equal(["A1"], await chain.TextsAsync("SELECT number FROM orders"));
        Assert.Equal(["mine"], await chain.TextsAsync("SELECT id FROM order_items"));
    }

    [Fact]
    public async Task A_row_that_central_refuses_is_found_among_many()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 50);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute("UPDATE products SET sku = 'x' || id; DELETE FROM products WHERE id IN ('p30', 'p31')");
        var run = await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO products (id, sku, name) VALUES ('new', 'sku17', 'N'), ('new2', 'sku30', 'N')");

        var report = await chain.RollBackAsync(run.RunId);

        Assert.Equal(["p17", "p30"], report.Left.Where(l => l.Side == RollbackSide.Central).Select(l => l.Key).Order(StringComparer.Ordinal));
        Assert.Contains("sku17", report.Left.Single(l => l.Key == "p17").Reason, StringComparison.Ordinal);
        Assert.Equal(48L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM products WHERE sku = 'sku' || substr(id, 2)"));
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing_anywhere()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 50 WHERE id = 'p4'");
        till.Execute(Shop.Sale("A1", "p1") + "DELETE FROM products WHERE id = 'p2'");
        var run = await till.SyncAsync();
        await till.Sync.DisposeAsync();
        const string counts = "SELECT (SELECT count(*) FROM payflow.sync_log) || '|' || (SELECT count(*) FROM payflow.journal) || '|' || (SELECT count(*) FROM payflow.audit) || '|' || (SELECT count(*) FROM payflow.change_log) || '|' || (SELECT sum(counter) FROM payflow.terminals)";
        var (central, local, bookkeeping) = (await RollbackCase.CentralAsync(chain), await File.ReadAllBytesAsync(till.File.Path), await chain.Database.ScalarAsync<string>(counts));

        var preview = await chain.RollBackAsync(run.RunId, till, dryRun: true);

        Assert.Null(preview.RunId);
        Assert.Equal(central, await RollbackCase.CentralAsync(chain));
        Assert.Equal(local, await File.ReadAllBytesAsync(till.File.Path));
        Assert.Equal(bookkeeping, await chain.Database.ScalarAsync<string>(counts));
        Assert.Equal(preview.Tables, (await chain.RollBackAsync(run.RunId, till)).Tables);
    }

    [Fact]
    public async Task Only_the_tables_that_were_named_go_back()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute(Shop.Sale("A1", "p1"));
        var run = await till.SyncAsync();

        await chain.RollBackAsync(run.RunId, till, tables: "Products");

        Assert.Equal(100, await chain.Database.ScalarAsync<int>("SELECT stock FROM products WHERE id = 'p1'"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        var e = await Assert.ThrowsAsync<SyncException>(() => chain.RollBackAsync(run.RunId, till, tables: "nonsense"));
        Assert.Contains("no synced table nonsense", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_writings_of_one_row_in_one_run_count_as_one()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        var before = await RollbackCase.CentralAsync(chain);
        var seen = 0;
        till = await chain.ReopenAsync(till, new() { Step = step => { if (step == "batch-acknowledged" && seen++ == 0) till.Execute("DELETE FROM products WHERE id IN ('p1', 'p9')"); } });
        till.Execute("UPDATE products SET name = 'once' WHERE id = 'p1'; INSERT INTO products (id, name) VALUES ('p9', 'new')");
        var run = await till.SyncAsync();
        Assert.Equal(["D", "U"], await chain.TextsAsync($"SELECT op FROM payflow.journal WHERE run_id = '{run.RunId}' AND key = 'p1' ORDER BY op"));

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Equal(0, report.LeftCount);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
    }

    [Fact]
    public async Task Central_can_be_rolled_back_without_the_file_and_the_tills_part_waits_for_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        var before = RollbackCase.Till(till);
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'Tea' WHERE id = 'p2'");
        till.Execute(Shop.Sale("A1", "p1"));
        var run = await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE payflow.terminals SET file_path = '/nowhere/till.db'");

        var report = await chain.RollBackAsync(run.RunId);

        Assert.Equal(TerminalPart.Waits, report.TerminalPart);
        Assert.Contains("--sqlite FILE", report.Notes[0], StringComparison.Ordinal);
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal("Tea", till.Scalar("SELECT name FROM products WHERE id = 'p2'"));
        var rest = await chain.RollBackAsync(run.RunId, till);
        Assert.Equal((TerminalPart.Done, 0L), (rest.TerminalPart, rest.LeftCount));
        Assert.Equal("Product 2", till.Scalar("SELECT name FROM products WHERE id = 'p2'"));
        Assert.NotEqual(before, RollbackCase.Till(till));
    }

    [Theory]
    [InlineData("rollback-central-written")]
    [InlineData("rollback-central-done")]
    [InlineData("rollback-terminal-written")]
    [InlineData("rollback-terminal-done")]
    public async Task A_rollback_that_dies_anywhere_is_finished_by_calling_it_again(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'Tea' WHERE id = 'p2'; DELETE FROM products WHERE id = 'p5'; INSERT INTO products (id, name) VALUES ('p9', 'new')");
        await chain.Database.ExecuteAsync("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.phone := clock_timestamp()::text; RETURN NEW; END $$; CREATE TRIGGER stamp BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION stamp(); INSERT INTO customers VALUES ('0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f', 'Ann', NULL)");
        await till.SyncAsync();
        var before = (await RollbackCase.CentralAsync(chain)).Where(r => !r!.StartsWith("public.customers", StringComparison.Ordinal));
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'Coffee' WHERE id = 'p3'");
        till.Execute(Shop.Sale("A1", "p1") + "UPDATE customers SET name = 'Bea'");
        var run = await till.SyncAsync();
        await till.Sync.DisposeAsync();

        await Assert.ThrowsAsync<KilledException>(() => chain.RollBackAsync(run.RunId, till, step: s => { if (s == step) throw new KilledException(step); }));
        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Empty(report.Left);
        Assert.Equal("Product 3", till.Scalar("SELECT name FROM products WHERE id = 'p3'"));
        Assert.Equal("Ann", await chain.Database.ScalarAsync<string>("SELECT name FROM customers"));
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'Product 3' WHERE id = 'p3'");
        Assert.Equal(before, (await RollbackCase.CentralAsync(chain)).Where(r => !r!.StartsWith("public.customers", StringComparison.Ordinal)));
        var third = await chain.RollBackAsync(run.RunId, till);
        Assert.Equal((0L, 0L), (third.Moved, third.LeftCount));
    }

    [Fact]
    public async Task Runs_that_cannot_be_rolled_back_are_refused_by_name()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        till.Execute(Shop.Sale("A1", "p1"));
        var run = await till.SyncAsync();
        var rollback = new Rollback(chain.Source);
        async Task<string> RefusedAsync(string id) => (await Assert.ThrowsAsync<SyncException>(() => rollback.RunAsync(new RollbackRequest { Run = id, Actor = "test" }))).Message;

        Assert.Contains("There is no run 0000", await RefusedAsync("0000000000"), StringComparison.Ordinal);
        await chain.Database.ExecuteAsync("INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status) VALUES ('abcdef00-0000-0000-0000-000000000001', 'T1', 'manual', 'both', 'SYNCED'), ('abcdef00-0000-0000-0000-000000000002', 'T1', 'manual', 'both', 'SYNCED')");
        Assert.Contains("More than one run begins with ABCDEF", await RefusedAsync("ABCDEF"), StringComparison.Ordinal);
        await chain.Database.ExecuteAsync($"UPDATE payflow.sync_log SET journal_pruned_at = now() WHERE id = '{run.RunId}'");
        Assert.Contains("was removed", await RefusedAsync(run.RunId.ToString()[..13]), StringComparison.Ordinal);
        await chain.Database.ExecuteAsync($"UPDATE payflow.sync_log SET journal_pruned_at = NULL, status = 'RUNNING' WHERE id = '{run.RunId}'");
        await using (var holder = await chain.Database.DataSource.OpenConnectionAsync())
        {
            await using var hold = holder.CreateCommand();
            hold.CommandText = "SELECT pg_advisory_lock(1346786137, hashtext('T1'))";
            await hold.ExecuteNonQueryAsync();
            Assert.Contains("still under way", await RefusedAsync(run.RunId.ToString()), StringComparison.Ordinal);
            hold.CommandText = "SELECT pg_advisory_unlock_all()";
            await hold.ExecuteNonQueryAsync();
        }
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    private static async Task<Till> StartAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        return till;
    }
}
