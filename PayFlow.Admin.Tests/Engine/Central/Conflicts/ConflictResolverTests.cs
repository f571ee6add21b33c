using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Conflicts;

public sealed class ConflictResolverTests
{
    [Fact]
    public async Task A_decision_is_a_run_of_its_own_with_journal_and_audit()
    {
        await using var dispute = await Dispute.CreateAsync();
        var outcome = await dispute.SetAsync(await dispute.OverAnnAsync(), ("phone", Dispute.Value("7")));

        Assert.Equal("7", await dispute.PhoneAsync());
        Assert.Equal("resolve SYNCED 1", await dispute.Chain.Database.ScalarAsync<string>($"SELECT sync_type || ' ' || status || ' ' || records_count FROM payflow.sync_log WHERE id = '{outcome.RunId}'"));
        Assert.Equal("3 7", await dispute.Chain.Database.ScalarAsync<string>($"SELECT (before ->> 'phone') || ' ' || (after ->> 'phone') FROM payflow.journal WHERE run_id = '{outcome.RunId}'"));
        Assert.Equal("ada conflict.resolve because", await dispute.Chain.Database.ScalarAsync<string>($"SELECT actor || ' ' || action || ' ' || (detail ->> 'reason') FROM payflow.audit WHERE run_id = '{outcome.RunId}'"));
    }

    [Fact]
    public async Task The_same_decision_twice_says_by_whom_it_was_made_and_another_one_is_refused()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);

        var again = await dispute.TakeAsync(conflict, ConflictSide.Central);
        var other = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(conflict, ConflictSide.Terminal));

        Assert.True(again.WasResolved);
        Assert.Equal("ada", again.By);
        Assert.Contains("decided already", other.Message, StringComparison.Ordinal);
        Assert.Contains("by ada: central", other.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await dispute.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.sync_log WHERE sync_type = 'resolve'"));
    }

    [Fact]
    public async Task Two_people_who_decide_at_once_make_one_decision()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => dispute.TakeAsync(conflict, ConflictSide.Terminal)));

        Assert.Single(outcomes, o => !o.WasResolved);
        Assert.Equal("2", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task A_newer_change_of_the_till_makes_a_decision_about_the_older_one_impossible()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        dispute.One.Execute($"UPDATE customers SET phone = '22' WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();

        var moved = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(conflict, ConflictSide.Terminal));

        Assert.Equal(SyncErrorCode.Moved, moved.Code);
        Assert.Contains("phone '22'", moved.Message, StringComparison.Ordinal);
        await dispute.TakeAsync(await dispute.OpenAsync(), ConflictSide.Terminal);
        await dispute.SettleAsync();
        Assert.Equal("22", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task Each_field_may_come_from_a_side_of_its_own()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET name = 'Anna' WHERE id = '{Dispute.Ann}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET name = 'Anne' WHERE id = '{Dispute.Ann}'");
        var conflict = await dispute.OverAnnAsync();

        var missing = await Assert.ThrowsAsync<SyncException>(() => dispute.SetAsync(conflict, ("name", new FieldChoice(FieldSource.Terminal))));
        Assert.Contains("nothing was chosen for phone", missing.Message, StringComparison.Ordinal);
        await dispute.SetAsync(conflict, ("name", new FieldChoice(FieldSource.Terminal)), ("phone", new FieldChoice(FieldSource.Base)));

        await dispute.SettleAsync();
        Assert.Equal("Anna 1", await dispute.Chain.Database.ScalarAsync<string>($"SELECT name || ' ' || phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task A_value_that_the_column_does_not_take_is_refused_by_name_and_changes_nothing()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("UPDATE products SET name = 'Green tea' WHERE id = 'p1'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE products SET name = 'Black tea' WHERE id = 'p1'");
        await dispute.One.SyncAsync();
        var conflict = await dispute.OpenAsync();
        var take = new FieldChoice(FieldSource.Central);

        foreach (var (field, value, words) in new[] { ("stock", "many", "products.stock: 'many' is not a number"), ("stock", "-5000", "products"), ("price", "cheap", "products.price: 'cheap' is not a number") })
        {
            var refused = await Assert.ThrowsAsync<SyncException>(() => dispute.SetAsync(conflict, ("name", take), (field, Dispute.Value(value))));
            Assert.Equal(SyncErrorCode.ValueRefused, refused.Code);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }
        var empty = await Assert.ThrowsAsync<SyncException>(() => dispute.SetAsync(conflict, ("name", FieldChoice.Of(CellValue.Null))));
        Assert.Contains("products.name: central does not allow an empty value here", empty.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<SyncException>(() => dispute.SetAsync(conflict, ("nmae", take)));
        Assert.Contains("products has no column nmae", unknown.Message, StringComparison.Ordinal);
        var key = await Assert.ThrowsAsync<SyncException>(() => dispute.SetAsync(conflict, ("name", take), ("id", Dispute.Value("p9"))));
        Assert.Contains("id is the row's key", key.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await dispute.OpenAsync()).Version);
        Assert.Equal("Black tea 10", await dispute.Chain.Database.ScalarAsync<string>("SELECT name || ' ' || stock FROM products WHERE id = 'p1'"));
    }

    [Fact]
    public async Task Keep_and_delete_are_for_rows_that_one_side_deleted()
    {
        await using var dispute = await Dispute.CreateAsync();

        var wrong = await Assert.ThrowsAsync<SyncException>(async () => await dispute.TakeAsync(await dispute.OverAnnAsync(), ConflictSide.Delete));

        Assert.Contains("neither side has deleted the row", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_central_deletes_while_its_conflict_is_open_becomes_a_question_of_keeping_it()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.Chain.Database.ExecuteAsync($"DELETE FROM customers WHERE id = '{Dispute.Ann}'");

        var moved = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(conflict, ConflictSide.Terminal));

        Assert.Contains("central has deleted the row", moved.Message, StringComparison.Ordinal);
        var again = await dispute.OpenAsync();
        Assert.Equal(("update-delete", 2), (again.Kind, again.Version));
        await dispute.TakeAsync(again, ConflictSide.Keep);
        await dispute.SettleAsync();
        Assert.Equal("2", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task Many_are_decided_one_by_one_and_one_that_cannot_be_holds_up_no_other()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET phone = 'b' WHERE id = '{Dispute.Bob}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = 'c' WHERE id = '{Dispute.Bob}'");
        dispute.One.Execute($"UPDATE customers SET phone = '2' WHERE id = '{Dispute.Ann}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '3' WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();
        var bulk = new BulkResolution(dispute.Chain.Source, new ConflictFilter { Table = "customers", Kind = "update-update", Terminal = "T1" }, ConflictChoice.Of(ConflictSide.Terminal));

        var preview = await bulk.PreviewAsync(1);
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = 'd' WHERE id = '{Dispute.Bob}'");
        var result = await bulk.ExecuteAsync("ada");

        Assert.Equal((2L, 1), (preview.Total, preview.First.Count));
        Assert.Equal(1, result.Resolved);
        Assert.Contains("central changed phone from 'c' to 'd'", Assert.Single(result.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(("2", "d"), (await dispute.PhoneAsync(), await dispute.PhoneAsync(Dispute.Bob)));
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_and_one_is_shown_with_all_its_sides()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET phone = 'b' WHERE id = '{Dispute.Bob}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = 'c' WHERE id = '{Dispute.Bob}'");
        dispute.One.Execute($"UPDATE customers SET phone = '2' WHERE id = '{Dispute.Ann}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '3' WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();

        var first = await dispute.Desk.ListAsync(new ConflictFilter(), limit: 1);
        var second = await dispute.Desk.ListAsync(new ConflictFilter(), first.After, 1);
        await dispute.Chain.Database.ExecuteAsync("UPDATE customers SET name = name || '!'");
        var shown = await dispute.Desk.ShowAsync(second.Conflicts[0].Id);

        Assert.NotNull(first.After);
        Assert.Null(second.After);
        Assert.NotEqual(first.Conflicts[0].Id, shown.Id);
        Assert.Equal("1", shown.Base!["phone"].ToString());
        Assert.NotEqual(shown.TerminalRow!["phone"], shown.CentralRow!["phone"]);
        Assert.Equal(["name"], shown.MovedFields);
        Assert.Equal("detected", Assert.Single(shown.History).What);
        Assert.Empty((await dispute.Desk.ListAsync(new ConflictFilter { State = ConflictState.Resolved })).Conflicts);
        Assert.Empty((await dispute.Desk.ListAsync(new ConflictFilter { Since = shown.DetectedAt.AddMinutes(1) })).Conflicts);
    }

    [Fact]
    public async Task Of_two_rows_of_different_sides_under_one_key_either_can_be_taken()
    {
        await using var dispute = await Dispute.CreateAsync(ConflictPolicy.Manual);
        dispute.One.Execute("INSERT INTO products VALUES ('p2', 'sku2', 'Here', '1.0000', 1)");
        await dispute.Chain.Database.ExecuteAsync("INSERT INTO products VALUES ('p2', 'sku2', 'There', 1, 1)");
        await dispute.One.SyncAsync();
        var conflict = await dispute.OpenAsync();
        Assert.Equal("insert-insert", conflict.Kind);

        await dispute.TakeAsync(conflict, ConflictSide.Terminal);

        await dispute.SettleAsync();
        Assert.Equal("Here", await dispute.Chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 'p2'"));
    }
}
