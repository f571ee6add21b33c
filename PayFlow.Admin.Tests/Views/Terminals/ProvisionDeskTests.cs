using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Terminals;

public sealed class ProvisionDeskTests
{
    private const string Till = "CREATE TABLE goods (id TEXT PRIMARY KEY, name TEXT NOT NULL, price REAL); INSERT INTO goods VALUES ('g1', 'Tea', 1.5)";

    [Fact]
    public async Task What_central_lacks_is_shown_created_audited_and_then_the_file_can_be_attached()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE other (id text PRIMARY KEY)");
        using var file = new TerminalFile(Till);
        var (desk, terminals, form) = (new ProvisionDesk(chain.Source), new TerminalDesk(chain.Source), new AttachForm { Path = file.Path, Id = "T1" });
        await Assert.ThrowsAsync<SyncException>(() => terminals.AttachAsync(form, "ann"));

        var plan = await desk.PreviewAsync(file.Path);
        Assert.Contains("CREATE TABLE", plan.Sql, StringComparison.Ordinal);
        Assert.Null(await chain.Database.ScalarAsync<string?>("SELECT to_regclass('public.goods')::text"));
        await desk.CreateAsync(plan, "ann", "a new shop");

        Assert.Equal("goods", await chain.Database.ScalarAsync<string?>("SELECT to_regclass('public.goods')::text"));
        Assert.Equal("ann|a new shop", await chain.Database.ScalarAsync<string>("SELECT actor || '|' || (detail ->> 'reason') FROM payflow.audit WHERE action = 'central.provision'"));
        Assert.Empty((await desk.PreviewAsync(file.Path)).Statements);
        Assert.Equal(["goods"], (await terminals.AttachAsync(form, "ann")).Tables);
    }

    [Fact]
    public async Task Nothing_is_created_when_a_side_has_changed_since_it_was_shown()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE other (id text PRIMARY KEY)");
        using var file = new TerminalFile(Till);
        var desk = new ProvisionDesk(chain.Source);
        var plan = await desk.PreviewAsync(file.Path);
        file.Execute("ALTER TABLE goods ADD COLUMN colour TEXT");

        var refused = await Assert.ThrowsAsync<SyncException>(() => desk.CreateAsync(plan, "ann", null));

        Assert.Equal(SyncErrorCode.Moved, refused.Code);
        Assert.Null(await chain.Database.ScalarAsync<string?>("SELECT to_regclass('public.goods')::text"));
    }
}
