using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>From a conflict to three equal databases.</summary>
public sealed class ResolutionTests
{
    [Fact]
    public async Task Different_fields_of_one_customer_merge_without_asking()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET phone = '2' WHERE id = '{Dispute.Ann}'");
        dispute.Two.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");

        await dispute.One.SyncAsync();
        await dispute.SettleAsync();

        Assert.Equal("Anna 2", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Theory]
    [InlineData(ConflictSide.Terminal, "2")]
    [InlineData(ConflictSide.Central, "3")]
    public async Task The_same_field_opens_one_conflict_that_holds_up_no_other_row_and_a_decision_ends_with_all_equal(ConflictSide side, string phone)
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET name = 'Bobby' WHERE id = '{Dispute.Bob}'");
        var conflict = await dispute.OverAnnAsync();

        Assert.Equal(["phone"], conflict.Fields);
        Assert.Equal("Bobby", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name FROM customers WHERE id = '{Dispute.Bob}'"));
        Assert.Equal("CONFLICT", dispute.One.Scalar("SELECT status FROM sync_queue"));
        await dispute.TakeAsync(conflict, side);

        Assert.Equal(phone, await dispute.PhoneAsync());
        await dispute.SettleAsync();
        Assert.NotNull((await dispute.Desk.ShowAsync(conflict.Id)).DeliveredAt);
    }

    [Fact]
    public async Task Two_tills_can_be_in_conflict_over_one_row_and_each_is_decided()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.Two.Execute($"UPDATE customers SET phone = '4' WHERE id = '{Dispute.Ann}'");
        var first = await dispute.OverAnnAsync();
        await dispute.Two.SyncAsync();
        var second = (await dispute.Desk.ListAsync(new ConflictFilter { Terminal = "T2" })).Conflicts[0];

        await dispute.TakeAsync(first, ConflictSide.Terminal);
        var moved = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(second, ConflictSide.Central));
        Assert.Equal(SyncErrorCode.Moved, moved.Code);
        Assert.Contains("central changed phone from '3' to '2'", moved.Message, StringComparison.Ordinal);
        await dispute.TakeAsync((await dispute.Desk.ListAsync(new ConflictFilter { Terminal = "T2" })).Conflicts[0], ConflictSide.Terminal);

        await dispute.SettleAsync();
        Assert.Equal("4", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task What_only_the_till_changed_is_kept_whichever_side_wins_the_fields_in_dispute()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");
        var conflict = await dispute.OverAnnAsync();

        await dispute.TakeAsync(conflict, ConflictSide.Central);

        await dispute.SettleAsync();
        Assert.Equal("Anna 3", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task Taking_central_gives_up_what_is_in_question_and_nothing_else()
    {
        await using var dispute = await Dispute.CreateAsync(ConflictPolicy.Manual);
        dispute.One.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");
        var conflict = await dispute.OverAnnAsync();

        await dispute.TakeAsync(conflict, ConflictSide.Central);

        await dispute.SettleAsync();
        Assert.Equal("Anna 3", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task What_the_POS_changes_after_the_decision_stays_an_open_change_on_top_of_it()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        dispute.One.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");

        await dispute.One.SyncAsync();

        await dispute.SettleAsync();
        Assert.Equal("Anna 3", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task A_newer_value_of_the_field_that_was_decided_wins_over_the_decision()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        dispute.One.Execute($"UPDATE customers SET phone = '9' WHERE id = '{Dispute.Ann}'");

        await dispute.SettleAsync();

        Assert.Equal("9", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task A_row_that_the_POS_deletes_after_the_decision_is_deleted()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        dispute.One.Execute($"DELETE FROM customers WHERE id = '{Dispute.Ann}'");

        await dispute.SettleAsync();

        Assert.Null(await dispute.PhoneAsync());
    }

    [Fact]
    public async Task Central_that_moves_while_a_conflict_is_open_is_shown_before_anything_is_decided()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET name = 'Anne', phone = '5' WHERE id = '{Dispute.Ann}'");

        var moved = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(conflict, ConflictSide.Terminal));

        Assert.Equal(SyncErrorCode.Moved, moved.Code);
        Assert.Contains("name from 'Ann' to 'Anne', phone from '3' to '5'", moved.Message, StringComparison.Ordinal);
        Assert.Equal("5", await dispute.PhoneAsync());
        var stale = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(conflict, ConflictSide.Terminal));
        Assert.Contains("version 2", stale.Message, StringComparison.Ordinal);
        await dispute.TakeAsync(await dispute.OpenAsync(), ConflictSide.Terminal);
        await dispute.SettleAsync();
        Assert.Equal("Anne 2", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task What_central_changes_between_the_decision_and_its_delivery_is_not_taken_back()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("UPDATE products SET name = 'Green tea' WHERE id = 'p1'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE products SET name = 'Black tea', price = 2.5 WHERE id = 'p1'");
        await dispute.One.SyncAsync();
        await dispute.TakeAsync(await dispute.OpenAsync(), ConflictSide.Terminal);
        await dispute.Chain.Database.ExecuteAsync("UPDATE products SET price = 3.5 WHERE id = 'p1'");
        dispute.One.Execute("UPDATE products SET stock = 9 WHERE id = 'p1'");

        await dispute.SettleAsync();

        Assert.Equal("Green tea 3.5000 9", await dispute.Chain.Database.ScalarAsync<string>("SELECT name || ' ' || price || ' ' || stock FROM products WHERE id = 'p1'"));
    }

    [Theory]
    [InlineData("decisions-asked")]
    [InlineData("decisions-applied")]
    [InlineData("decisions-delivered")]
    [InlineData("advance-announced")]
    [InlineData("advance-central")]
    public async Task A_host_that_dies_while_a_decision_is_delivered_delivers_it_once(string step)
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);

        dispute.One = await dispute.Chain.KillAtAsync(dispute.One, step);

        await dispute.SettleAsync();
        Assert.Equal("3", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task A_POS_change_between_a_crash_and_the_next_run_is_not_lost()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        dispute.One = await dispute.Chain.KillAtAsync(dispute.One, "decisions-asked");
        dispute.One.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");
        dispute.One = await dispute.Chain.KillAtAsync(dispute.One, "decisions-applied");
        dispute.One.Execute($"UPDATE customers SET name = 'Anni' WHERE id = '{Dispute.Ann}'");

        await dispute.SettleAsync();

        Assert.Equal("Anni 3", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task A_run_with_an_open_conflict_changes_nothing()
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();

        var report = await dispute.One.SyncAsync();

        Assert.Equal((RunStatus.Conflict, 0L, 1L), (report.Status, report.Moved, report.Conflicts));
    }

    [Fact]
    public async Task A_decision_that_the_till_cannot_hold_is_set_aside_and_comes_when_it_can()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("CREATE TRIGGER grumpy BEFORE UPDATE OF phone ON customers WHEN NEW.phone = '3' BEGIN SELECT RAISE(ABORT, 'no threes'); END");
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);

        var report = await dispute.One.SyncAsync();

        Assert.Equal(1, report.SetAside);
        Assert.Contains("no threes", (string)dispute.One.Scalar("SELECT reason FROM payflow_aside")!, StringComparison.Ordinal);
        dispute.One.Execute("DROP TRIGGER grumpy");
        await dispute.SettleAsync();
        Assert.Equal("3", dispute.One.Scalar($"SELECT phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task Additive_fields_that_moved_on_at_the_till_get_what_was_decided_on_top()
    {
        await using var dispute = await Dispute.CreateAsync(ConflictPolicy.Manual);
        await new PayFlow.Sync.Engine.Central.Metadata.TableMapStore(dispute.Chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Merge, Additive = ["stock"] }]), null, CancellationToken.None);
        dispute.One.Execute("UPDATE products SET name = 'Green tea' WHERE id = 'p1'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE products SET name = 'Black tea' WHERE id = 'p1'");
        await dispute.One.SyncAsync();
        var conflict = await dispute.OpenAsync();
        await dispute.SetAsync(conflict, ("name", Dispute.Value("Tea")), ("stock", Dispute.Value("20")));
        dispute.One.Execute("UPDATE products SET stock = stock - 3 WHERE id = 'p1'");

        await dispute.One.SyncAsync();

        Assert.Equal(17L, dispute.One.Scalar("SELECT stock FROM products WHERE id = 'p1'"));
        Assert.Equal(17, await dispute.Chain.Database.ScalarAsync<int>("SELECT stock FROM products WHERE id = 'p1'"));
    }

    [Theory]
    [InlineData(ConflictSide.Terminal, "paid")]
    [InlineData(ConflictSide.Central, "void")]
    public async Task A_table_with_the_tills_own_keys_is_decided_like_any_other(ConflictSide side, string status)
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute(Shop.Sale("A1", "p1"));
        await dispute.SettleAsync();
        dispute.One.Execute("UPDATE orders SET status = 'paid'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE orders SET status = 'void'");
        await dispute.One.SyncAsync();

        await dispute.TakeAsync(await dispute.OpenAsync(), side);

        await dispute.SettleAsync();
        Assert.Equal(status, await dispute.Chain.Database.ScalarAsync<string>("SELECT status FROM orders"));
        Assert.Equal(1L, dispute.One.Scalar("SELECT count(*) FROM orders"));
    }
}
