using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Terminals;

public sealed class TerminalDeskTests
{
    private static readonly TableMapEntry[] Map = [new() { Name = "products", Filter = "stock = {terminal.stock}" }, new() { Name = "orders", Direction = SyncDirection.Pull }];

    [Fact]
    public async Task A_file_is_attached_from_a_form_and_the_audit_knows_who_did_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        using var file = new TerminalFile(Shop.Local);
        var form = new AttachForm { Path = $" {file.Path} ", Id = "T5", Name = "Front", Attributes = "stock=100\n" };

        Assert.Empty(form.Check());
        var report = await new TerminalDesk(chain.Source).AttachAsync(form, "ann@shop.test");

        Assert.Equal(("T5", "T5"), (report.Terminal, TerminalInspection.FindTerminal(file.Path)));
        var record = (await new TerminalRegistry(chain.Source).FindAsync("T5"))!;
        Assert.Equal(("Front", "100"), (record.Name, record.Attributes["stock"]));
        Assert.Equal("ann@shop.test", await chain.Database.ScalarAsync<string>("SELECT actor FROM payflow.audit WHERE action = 'terminal.attach' AND terminal_id = 'T5'"));
    }

    [Fact]
    public async Task What_is_wrong_in_the_form_is_said_at_its_field()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        await chain.TillAsync("T1", Shop.Local, new Dictionary<string, string> { ["stock"] = "1" });
        using var file = new TerminalFile(Shop.Local);

        Assert.Equal([nameof(AttachForm.Path)], new AttachForm().Check().Keys);
        Assert.Equal([nameof(AttachForm.Path)], new AttachForm { Path = "till.db" }.Check().Keys);
        Assert.Equal([nameof(AttachForm.Path), nameof(AttachForm.Attributes)], new AttachForm { Path = "/nowhere/till.db", Attributes = "store" }.Check().Keys);
        var taken = await Assert.ThrowsAsync<SyncException>(() => new TerminalDesk(chain.Source).AttachAsync(new AttachForm { Path = file.Path, Id = "T1", Attributes = "stock=1" }, "ann"));
        Assert.Equal(nameof(AttachForm.Id), AttachForm.FieldOf(taken));
        var odd = await Assert.ThrowsAsync<SyncException>(() => new TerminalDesk(chain.Source).AttachAsync(new AttachForm { Path = file.Path, Id = new string('x', 300) }, "ann"));
        Assert.Equal(nameof(AttachForm.Id), AttachForm.FieldOf(odd));
        Assert.Null(TerminalInspection.FindTerminal(file.Path));
    }

    [Fact]
    public async Task Other_attributes_are_previewed_saved_and_audited_before_and_after()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local, new Dictionary<string, string> { ["stock"] = "100" });
        await till.SyncAsync();
        var desk = new TerminalDesk(chain.Source);
        var record = (await new TerminalRegistry(chain.Source).FindAsync("T1"))!;
        var attributes = AttributeText.Parse("stock=7");

        Assert.Equal("products", Assert.Single((await desk.PreviewAsync(record, attributes)).Tables).Table);
        await desk.EditAsync(new TerminalEdit(record, "Back", attributes), "ann", "moved");

        var after = (await new TerminalRegistry(chain.Source).FindAsync("T1"))!;
        Assert.Equal(("Back", "7"), (after.Name, after.Attributes["stock"]));
        Assert.Equal("100 7", await chain.Database.ScalarAsync<string>("SELECT detail #>> '{before,attributes,stock}' || ' ' || (detail #>> '{after,attributes,stock}') FROM payflow.audit WHERE action = 'terminal.edit'"));
        var late = await Assert.ThrowsAsync<SyncException>(() => desk.EditAsync(new TerminalEdit(record, "Again", attributes), "bob", null));
        Assert.Equal(SyncErrorCode.Busy, late.Code);
    }

    [Fact]
    public async Task Attributes_of_a_till_elsewhere_that_its_runs_would_lack_are_named_before_they_are_taken_away()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var record = await new TerminalRegistry(chain.Source).RegisterAsync("T9", attributes: new Dictionary<string, string> { ["stock"] = "7" });
        var desk = new TerminalDesk(chain.Source);

        var problem = Assert.Single((await desk.PreviewAsync(record, AttributeText.Parse("size=7"))).Problems);
        Assert.Equal("table products: its filter asks for the attribute stock, which the terminal does not have; give the terminal that attribute first, or name another one", problem.ToString());
        Assert.Equal(SyncErrorCode.TerminalUnavailable, (await Assert.ThrowsAsync<SyncException>(() => desk.PreviewAsync(record, AttributeText.Parse("stock=8")))).Code);
    }

    [Fact]
    public async Task Detached_with_its_file_the_capture_goes_and_without_it_central_forgets_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        await ConsoleMigrator.MigrateAsync(chain.Source);
        var till = await chain.TillAsync("T1", Shop.Local, new Dictionary<string, string> { ["stock"] = "1" });
        await chain.TillAsync("T2", Shop.Local, new Dictionary<string, string> { ["stock"] = "1" });
        till.Execute("INSERT INTO orders (number) VALUES ('unsent')");
        await chain.Database.ExecuteAsync("INSERT INTO console.devices (terminal_id, key_hash) VALUES ('T2', '')");
        var (desk, registry) = (new TerminalDesk(chain.Source), new TerminalRegistry(chain.Source));

        await desk.DetachAsync((await registry.FindAsync("T1"))!, isFileLost: false, "ann", "sold");
        await desk.DetachAsync((await registry.FindAsync("T2"))!, isFileLost: true, "ann", "stolen");

        Assert.Null(TerminalInspection.FindTerminal(till.File.Path));
        Assert.Equal(1L, till.Scalar("SELECT count(*) FROM orders"));
        Assert.All(await registry.ListAsync(), t => Assert.Equal(Sync.Engine.Central.Metadata.TerminalState.Detached, t.State));
        // A till elsewhere would go on with its key.
        Assert.Equal(["stolen"], await chain.TextsAsync("SELECT revoked_reason FROM console.devices"));
        Assert.Equal(["sold", "stolen"], await chain.TextsAsync("SELECT detail ->> 'reason' FROM payflow.audit WHERE action = 'terminal.detach' ORDER BY id"));
    }

    [Theory]
    [InlineData("store", "Line 1")]
    [InlineData("a=1\n=2", "Line 2")]
    [InlineData("a=1\na=2", "second time")]
    public void A_line_that_is_no_attribute_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<SyncException>(() => AttributeText.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Attributes_are_read_back_as_they_were_written()
    {
        var attributes = new Dictionary<string, string> { ["b"] = "x=y", ["a"] = "1" };

        Assert.Equal("a=1\nb=x=y", AttributeText.Write(attributes));
        Assert.Equal(attributes.OrderBy(a => a.Key), AttributeText.Parse(AttributeText.Write(attributes)).OrderBy(a => a.Key));
    }
}
