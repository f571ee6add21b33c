using PayFlow.Admin.Hosting;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>The PostgreSQL server of the whole test run: the one that <c>PAYFLOW_TEST_CENTRAL</c> names, or a private one started on first use.</summary>
/// <remarks>Without PostgreSQL's programs every test that needs them fails and says so: a skipped test proves nothing.</remarks>
internal static class TestServer
{
    private static readonly Lazy<Task<string>> Private = new(StartAsync);

    public static Task<string> ConnectionStringAsync() =>
        Environment.GetEnvironmentVariable("PAYFLOW_TEST_CENTRAL") is { Length: > 0 } given ? Task.FromResult(given) : Private.Value;

    private static async Task<string> StartAsync()
    {
        var folder = TestFolder.Create(inMemory: true);
        var options = new EmbeddedPostgresOptions { Fsync = false, MaxConnections = 200 };
        var server = await EmbeddedPostgres.StartAsync(folder, options, progress: null, CancellationToken.None);
        TestServerReaper.Watch(server, folder);
        return server.ConnectionString;
    }
}
