using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

public sealed class TerminalRegistryTests
{
    [Fact]
    public async Task Registering_again_keeps_number_and_lineage_and_what_is_not_given()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var registry = new TerminalRegistry(central.DataSource);
        var first = await registry.RegisterAsync("till-1", "Front", new Dictionary<string, string> { ["store_id"] = "7" }, "/data/till-1.db");
        var again = await registry.RegisterAsync("till-1", filePath: "/data/moved.db");
        var second = await registry.RegisterAsync("till-2");
        Assert.Equal((first.Number, first.Lineage, "Front", "/data/moved.db", "7"), (again.Number, again.Lineage, again.Name, again.FilePath, again.Attributes["store_id"]));
        Assert.Equal(first.Number + 1, second.Number);
        Assert.Null(second.FilePath);
        Assert.Empty(second.Attributes);
        Assert.Equal(["till-1", "till-2"], (await registry.ListAsync()).Select(t => t.Id));
    }

    [Fact]
    public async Task Hosts_that_register_one_terminal_together_get_the_same_one()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var registry = new TerminalRegistry(central.DataSource);
        var records = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => registry.RegisterAsync("till-1")));
        Assert.Single(records.Select(r => (r.Number, r.Lineage)).Distinct());
    }

    [Fact]
    public async Task A_detached_terminal_becomes_active_when_registered_again()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var registry = new TerminalRegistry(central.DataSource);
        await registry.RegisterAsync("till-1");
        await registry.SetStateAsync("till-1", TerminalState.Detached);
        Assert.Equal(TerminalState.Detached, (await registry.FindAsync("till-1"))!.State);
        Assert.Equal(TerminalState.Active, (await registry.RegisterAsync("till-1")).State);
    }

    [Fact]
    public async Task An_unknown_terminal_is_null_to_find_and_refused_to_change()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var registry = new TerminalRegistry(central.DataSource);
        Assert.Null(await registry.FindAsync("till-9"));
        var refused = await Assert.ThrowsAsync<SyncException>(() => registry.SetStateAsync("till-9", TerminalState.Detached));
        Assert.Equal("till-9", refused.Terminal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" till")]
    [InlineData("till\n1")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("store/1")]
    [InlineData("store\\1")]
    [InlineData("till?")]
    [InlineData("till#1")]
    [InlineData("50%")]
    public async Task An_id_that_nobody_could_type_or_that_no_address_can_name_is_refused_with_reason_and_remedy(string id)
    {
        await using var central = await CentralDatabase.CreateAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() => new TerminalRegistry(central.DataSource).RegisterAsync(id));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("cannot be a terminal's id: ", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }
}
