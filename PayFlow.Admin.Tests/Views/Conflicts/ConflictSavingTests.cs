using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Conflicts;

public sealed class ConflictSavingTests
{
    [Fact]
    public async Task An_own_value_reaches_both_databases_and_run_and_reason_are_kept()
    {
        await using var dispute = await Dispute.CreateAsync();
        var editor = await OpenAsync(dispute, await dispute.OverAnnAsync());
        editor.Type(editor.Find("phone")!, "4");

        var saved = await SaveAsync(dispute, editor);

        Assert.Null(saved.Failure);
        Assert.Equal("4", await dispute.PhoneAsync());
        var view = await Reader(dispute).ShowAsync(editor.Conflict.Id, new ConflictQuery(), default);
        Assert.Equal((saved.Outcome!.RunId, "ada", "because"), (view.RunId, view.Detail.ResolvedBy, view.Detail.Reason));
        await dispute.SettleAsync();
        Assert.Equal(["4"], dispute.One.Texts($"SELECT phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Fact]
    public async Task What_moved_while_somebody_looked_is_shown_and_nothing_is_written()
    {
        await using var dispute = await Dispute.CreateAsync();
        var editor = await OpenAsync(dispute, await dispute.OverAnnAsync());
        editor.ChooseAll(FieldPick.Terminal);
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '5' WHERE id = '{Dispute.Ann}'");

        var refused = await SaveAsync(dispute, editor);

        Assert.Equal(SyncErrorCode.Moved, refused.Failure!.Code);
        Assert.Equal(["central: '3' → '5'"], editor.Find("phone")!.Moves);
        Assert.Equal(FieldPick.Terminal, editor.Find("phone")!.Pick);
        Assert.Equal("5", await dispute.PhoneAsync());
        Assert.Null((await SaveAsync(dispute, editor)).Failure);
        Assert.Equal("2", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task What_moved_before_somebody_looked_is_no_news()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '5' WHERE id = '{Dispute.Ann}'");
        var editor = await OpenAsync(dispute, conflict);
        Assert.Equal("5", editor.Find("phone")!.Central!.Value.ToString());
        editor.ChooseAll(FieldPick.Central);

        Assert.Null((await SaveAsync(dispute, editor)).Failure);

        Assert.Equal("5", await dispute.PhoneAsync());
        await dispute.SettleAsync();
    }

    [Fact]
    public async Task A_value_that_is_none_is_said_at_its_field_and_nothing_is_lost()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("UPDATE products SET price = '2.5', stock = 7 WHERE id = 'p1'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE products SET price = 3, stock = 8 WHERE id = 'p1'");
        await dispute.One.SyncAsync();
        var editor = await OpenAsync(dispute, await dispute.OpenAsync());
        editor.Type(editor.Find("price")!, "much");
        editor.Type(editor.Find("stock")!, "1.5");
        editor.Type(editor.Find("name")!, null);

        var refused = await SaveAsync(dispute, editor);

        Assert.Equal("'much' is not a number", editor.Find("price")!.Fault);
        Assert.Equal("'1.5' is not a whole number", editor.Find("stock")!.Fault);
        Assert.Equal("an empty value is not allowed here", editor.Find("name")!.Fault);
        Assert.Contains("not a value of their types", refused.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("much", editor.Find("price")!.OwnText);
        editor.Type(editor.Find("price")!, "4.25");
        editor.Type(editor.Find("stock")!, "-5000");
        editor.Choose(editor.Find("name")!, FieldPick.Central);
        var byCheck = await SaveAsync(dispute, editor);
        Assert.Equal(SyncErrorCode.ValueRefused, byCheck.Failure!.Code);
        editor.Type(editor.Find("stock")!, "9");
        Assert.Null((await SaveAsync(dispute, editor)).Failure);
        Assert.Equal(["4.2500 9"], await dispute.Chain.TextsAsync("SELECT price || ' ' || stock FROM products"));
    }

    [Fact]
    public async Task A_row_that_the_till_deleted_is_restored_with_a_value_of_ones_own()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"DELETE FROM customers WHERE id = '{Dispute.Bob}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '3' WHERE id = '{Dispute.Bob}'");
        await dispute.One.SyncAsync();
        var editor = await OpenAsync(dispute, await dispute.OpenAsync());
        editor.ChooseRow(ConflictSide.Keep);
        editor.Type(editor.Find("phone")!, "4");

        Assert.Null((await SaveAsync(dispute, editor)).Failure);

        Assert.Equal("4", await dispute.PhoneAsync(Dispute.Bob));
        await dispute.SettleAsync();
        Assert.Equal(["4"], dispute.One.Texts($"SELECT phone FROM customers WHERE id = '{Dispute.Bob}'"));
    }

    [Fact]
    public async Task A_list_is_read_by_page_key_and_order_with_neighbours()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("UPDATE customers SET phone = '2'");
        await dispute.Chain.Database.ExecuteAsync("UPDATE customers SET phone = '3'");
        await dispute.One.SyncAsync();
        var reader = Reader(dispute);

        var newest = await reader.ListAsync(new ConflictQuery(), new PageRequest(1, 1), default);
        var oldest = await reader.ListAsync(new ConflictQuery { Order = ConflictQuery.OldestFirst }, new PageRequest(1, 1), default);
        var byKey = await reader.ListAsync(new ConflictQuery { Key = "2222" }, new PageRequest(1), default);

        Assert.Equal((2L, 2L), (newest.Conflicts.Total, newest.OpenByTable.Single().Count));
        Assert.True(newest.Conflicts.Items.Single().Id > oldest.Conflicts.Items.Single().Id);
        Assert.Equal(Dispute.Bob, byKey.Conflicts.Items.Single().Key);
        var shown = await reader.ShowAsync(oldest.Conflicts.Items[0].Id, new ConflictQuery(), default);
        Assert.Equal((newest.Conflicts.Items[0].Id, (long?)null), (shown.Previous, shown.Next));
        Assert.Equal("Terminal T1", shown.TerminalName);
        Assert.Empty((await reader.ListAsync(new ConflictQuery { State = ConflictQuery.Resolved }, new PageRequest(1), default)).Conflicts.Items);
    }

    private static ConflictReader Reader(Dispute dispute) => new(dispute.Chain.Source, TimeProvider.System);

    private static async Task<ConflictEditor> OpenAsync(Dispute dispute, Conflict conflict) => new((await Reader(dispute).ShowAsync(conflict.Id, new ConflictQuery(), default)).Detail);

    private static Task<SaveResult> SaveAsync(Dispute dispute, ConflictEditor editor) => new ConflictSaving(dispute.Chain.Source).ExecuteAsync(editor, "ada", "because", default);
}
