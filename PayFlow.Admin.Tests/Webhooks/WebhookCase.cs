using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Admin.Webhooks.Watching;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>A central with a till, the real host, and another system that listens on this machine.</summary>
internal sealed class WebhookCase : IAsyncDisposable
{
    public const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price INTEGER)";

    private static readonly string[] Allowed = ["PAYFLOW_WEBHOOK_NETWORKS=127.0.0.0/8", "PAYFLOW_WEBHOOK_HTTP=true"];

    private WebhookCase(SyncFixture chain, ConsoleHost host, Receiver receiver)
    {
        (Chain, Host, Receiver) = (chain, host, receiver);
    }

    public SyncFixture Chain { get; }

    public ConsoleHost Host { get; }

    public Receiver Receiver { get; }

    public CentralDatabase Database => Chain.Database;

    public WebhookDesk Desk => Host.Host.Services.GetRequiredService<WebhookDesk>();

    public TerminalEpisodes Episodes => Host.Host.Services.GetRequiredService<TerminalEpisodes>();

    public static async Task<WebhookCase> CreateAsync(params string[] environment)
    {
        var chain = await SyncFixture.CreateAsync(
            "CREATE TABLE goods (id int PRIMARY KEY, name text, price int CHECK (price < 1000)); INSERT INTO goods SELECT i, 'old', i FROM generate_series(1, 3) i", new TableMapEntry { Name = "goods", Conflicts = ConflictPolicy.Manual });
        var receiver = await Receiver.StartAsync();
        var host = await ConsoleHost.StartAsync(chain.Database, [.. Allowed, .. environment]);
        return new WebhookCase(chain, host, receiver);
    }

    public Task<Till> TillAsync(string id) => Chain.TillAsync(id, Local);

    /// <summary>A webhook of the receiver.</summary>
    public async Task<(WebhookRecord Webhook, string Secret)> HookAsync(params string[] events) =>
        await Desk.CreateAsync(new WebhookDraft { Name = Guid.NewGuid().ToString("N"), Url = Receiver.Url, Events = events }, "ann");

    /// <summary>Waits for a number of calls, and gives all of them.</summary>
    public async Task<IReadOnlyList<ReceivedCall>> CallsAsync(int count)
    {
        await Until.TrueAsync(() => Task.FromResult(Receiver.Calls.Count >= count));
        return [.. Receiver.Calls];
    }

    /// <summary>Another host on the same central.</summary>
    public Task<ConsoleHost> AnotherHostAsync() => ConsoleHost.StartAsync(Database, Allowed);

    /// <summary>A run of a terminal ends, as central logs it.</summary>
    public Task RunAsync(string terminal) =>
        Database.ExecuteAsync($"INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, completed_at) VALUES (gen_random_uuid(), '{terminal}', 'manual', 'both', 'SYNCED', now())");

    /// <summary>What waits for its next attempt is due now.</summary>
    public async Task HurryAsync()
    {
        await Database.ExecuteAsync("UPDATE console.webhook_deliveries SET due_at = now() WHERE state = 'RETRYING'");
        await Database.ExecuteAsync("SELECT pg_notify('payflow_live', 'webhooks')");
    }

    /// <summary>Looks at the terminals, as the host does now and then.</summary>
    public async Task LookAsync()
    {
        var look = await Episodes.LookAsync(CancellationToken.None);
        await using var connection = await Chain.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var alone = new NpgsqlCommand(WebhookWatch.Lock, connection))
            await alone.ExecuteNonQueryAsync();
        await Episodes.TellAsync(connection, look, CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>Waits until every delivery is in one of these states.</summary>
    public Task DoneAsync(params string[] states) =>
        Until.TrueAsync(async () => await Database.ScalarAsync<bool>($"SELECT count(*) > 0 AND bool_and(state IN ('{string.Join("','", states)}')) FROM console.webhook_deliveries"));

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
        await Chain.DisposeAsync();
    }
}
