using PayFlow.Admin.Jobs;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

/// <summary>A central, tills that sell, and hosts that do jobs.</summary>
internal sealed class JobCase : IAsyncDisposable
{
    private const string Central = "CREATE TABLE sales (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL UNIQUE, total numeric(12,2))";

    private const string Terminal = "CREATE TABLE sales (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, number TEXT NOT NULL, total REAL)";

    private readonly List<JobsHost> _hosts = [];

    private JobCase(SyncFixture fixture) => Fixture = fixture;

    public SyncFixture Fixture { get; }

    /// <summary>The first host.</summary>
    public JobsHost Host => _hosts[0];

    public static async Task<JobCase> CreateAsync(bool hasHost = true)
    {
        var made = new JobCase(await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "sales", Direction = SyncDirection.Pull }));
        if (hasHost)
            await made.AddHostAsync();
        return made;
    }

    public async Task<JobsHost> AddHostAsync(params (string Name, string Value)[] variables)
    {
        var host = await JobsHost.StartAsync(Fixture.Database.ConnectionString, variables);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A till whose file nobody else holds open.</summary>
    public async Task<Till> TillAsync(string id)
    {
        var till = await Fixture.TillAsync(id, Terminal);
        await till.Sync.DisposeAsync();
        return till;
    }

    public static void Sell(Till till, int count, string prefix = "S") =>
        till.Execute($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO sales (number, total) SELECT '{till.Id}-{prefix}-' || i, i FROM n");

    public async Task<long> SalesAsync() => await Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM sales");

    /// <summary>Asks the first host for a job and waits until it has succeeded.</summary>
    public async Task<JobRecord> DoneAsync(JobRequest request)
    {
        await Fixture.SettledAsync();
        var job = (await Host.Jobs.SubmitAsync(request, "ann")).Jobs[0];
        var done = await Host.UntilAsync(job.Id, j => j.IsFinished);
        Assert.True(done.State == JobState.Succeeded, done.Error);
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await Fixture.DisposeAsync();
    }
}
