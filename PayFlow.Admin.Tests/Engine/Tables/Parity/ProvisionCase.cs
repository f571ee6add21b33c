using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

/// <summary>A terminal and a central with whatever schema a test gives them.</summary>
internal sealed class ProvisionCase : IAsyncDisposable
{
    private ProvisionCase(TerminalFile terminal, CentralDatabase central)
    {
        Terminal = terminal;
        Central = central;
    }

    public TerminalFile Terminal { get; }

    public CentralDatabase Central { get; }

    public static async Task<ProvisionCase> CreateAsync(string? terminal = null, string? central = null)
    {
        var made = new ProvisionCase(new TerminalFile(terminal), await CentralDatabase.CreateAsync());
        if (central is not null)
            await made.Central.ExecuteAsync(central);
        return made;
    }

    public async Task<ProvisionScript> ProvisionCentralAsync(TableMap? map = null)
    {
        using var terminal = Terminal.Open();
        await using var central = await Central.DataSource.OpenConnectionAsync();
        var script = await Provisioner.PlanCentralAsync(terminal, central, map, default);
        await script.ApplyAsync(central);
        Assert.Empty((await Provisioner.PlanCentralAsync(terminal, central, map, default)).Statements);
        return script;
    }

    public async Task<ProvisionScript> ProvisionTerminalAsync(TableMap? map = null)
    {
        using var terminal = Terminal.Open();
        await using var central = await Central.DataSource.OpenConnectionAsync();
        var script = await Provisioner.PlanTerminalAsync(central, terminal, map, default);
        script.Apply(terminal);
        Assert.Empty((await Provisioner.PlanTerminalAsync(central, terminal, map, default)).Statements);
        return script;
    }

    public async Task<SchemaReport> CompareAsync(TableMap? map = null)
    {
        using var terminal = Terminal.Open();
        await using var central = await Central.DataSource.OpenConnectionAsync();
        return await Provisioner.CompareAsync(terminal, central, map, default);
    }

    public async Task<SyncPlan> PlanAsync(TableMap? map = null) => SyncPlanner.Build(map, TerminalSchema(), await CentralSchemaAsync());

    public DatabaseSchema TerminalSchema()
    {
        using var connection = Terminal.Open();
        return SqliteSchemaReader.Read(connection);
    }

    public async Task<DatabaseSchema> CentralSchemaAsync()
    {
        await using var connection = await Central.DataSource.OpenConnectionAsync();
        return await PostgresSchemaReader.ReadAsync(connection, default);
    }

    public async ValueTask DisposeAsync()
    {
        Terminal.Dispose();
        await Central.DisposeAsync();
    }
}
