using System.Diagnostics;
using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Hosting;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private static readonly EmbeddedPostgresOptions Quick = new() { Fsync = false, MaxConnections = 20 };

    private readonly string _folder = TestFolder.Create();

    public void Dispose()
    {
        // Nothing runs by now, unless the test has failed.
        if (PostmasterFile.Read(Path.Combine(_folder, "postgres", "data")) is { } left && left.IsAlive())
            Process.GetProcessById(left.ProcessId).Kill();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_first_start_makes_a_cluster_that_a_second_start_finds_again()
    {
        await using (var first = await StartAsync())
            await ExecuteAsync(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");

        var told = new List<string>();
        await using var second = await EmbeddedPostgres.StartAsync(_folder, Quick, told.Add, CancellationToken.None);

        Assert.Equal(7, await ScalarAsync(second, "SELECT id FROM kept"));
        Assert.DoesNotContain(told, line => line.Contains("cluster", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_is_UTF8_and_listens_on_loopback_alone()
    {
        await using var server = await StartAsync();

        Assert.Equal("UTF8", await ScalarAsync(server, "SHOW server_encoding"));
        Assert.Equal("127.0.0.1", await ScalarAsync(server, "SHOW listen_addresses"));
        Assert.Equal("", await ScalarAsync(server, "SHOW unix_socket_directories"));
        Assert.Equal("UTC", await ScalarAsync(server, "SHOW timezone"));
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await StartAsync();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "payflow", Pooling = false };

        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "postgres.password")));
    }

    [Fact]
    public async Task The_server_is_gone_when_its_last_user_has_left()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        Assert.Equal(first.ProcessId, second.ProcessId);

        await first.DisposeAsync();
        Assert.Equal(1, await ScalarAsync(second, "SELECT 1"));

        await second.DisposeAsync();
        await second.DisposeAsync();
        await AssertGoneAsync(first.ProcessId);
    }

    [Fact]
    public async Task Two_that_start_at_once_make_one_cluster_and_share_one_server()
    {
        var servers = await Task.WhenAll(Task.Run(StartAsync), Task.Run(StartAsync));

        Assert.Equal(servers[0].ConnectionString, servers[1].ConnectionString);
        foreach (var server in servers)
            await server.DisposeAsync();
        await AssertGoneAsync(servers[0].ProcessId);
    }

    [Fact]
    public async Task A_killed_server_recovers_at_the_next_start()
    {
        var killed = await StartAsync();
        await ExecuteAsync(killed, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
        Process.GetProcessById(killed.ProcessId).Kill();

        await using var next = await StartAsync();

        Assert.Equal(7, await ScalarAsync(next, "SELECT id FROM kept"));
        await killed.DisposeAsync();
        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_whose_host_was_killed_is_taken_over_and_stopped()
    {
        var abandoned = await StartAsync();
        // What is left of a killed host: a running server, and a lease that nobody holds.
        abandoned.Abandon();

        var heir = await StartAsync();
        Assert.Equal(abandoned.ProcessId, heir.ProcessId);
        await heir.DisposeAsync();

        await AssertGoneAsync(abandoned.ProcessId);
    }

    [Fact]
    public async Task A_process_number_that_now_belongs_to_another_program_does_not_prevent_a_start()
    {
        await using (var server = await StartAsync())
        {
            var left = await File.ReadAllTextAsync(PostmasterFile.PathIn(Path.Combine(server.ClusterHome, "data")));
            await server.DisposeAsync();
            await File.WriteAllTextAsync(
                PostmasterFile.PathIn(Path.Combine(server.ClusterHome, "data")),
                left.Replace($"{server.ProcessId}\n", $"{Environment.ProcessId}\n", StringComparison.Ordinal));
        }

        await using var next = await StartAsync();

        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_refused_with_both_versions()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        var installed = (await PostgresPrograms.FindAsync(null, _folder, CancellationToken.None)).Major;
        await File.WriteAllTextAsync(Path.Combine(server.ClusterHome, "data", "PG_VERSION"), "9.6\n");

        var refused = await Assert.ThrowsAsync<SyncException>(StartAsync);

        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("PostgreSQL 9,", refused.Message, StringComparison.Ordinal);
        Assert.Contains(installed.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Contains("pg_upgrade", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(server.ClusterHome, "data", "postgresql.conf"), "no_such_setting = 1\n");

        var failed = await Assert.ThrowsAsync<SyncException>(StartAsync);

        Assert.Equal(SyncErrorCode.CentralUnavailable, failed.Code);
        Assert.Contains("no_such_setting", failed.Message, StringComparison.Ordinal);
        Assert.Contains("server.log", failed.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_password_file_is_not_replaced_by_a_wrong_one()
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(_folder, "postgres.password"));

        var refused = await Assert.ThrowsAsync<SyncException>(StartAsync);

        Assert.Contains("postgres.password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_making_that_was_cut_short_is_begun_again()
    {
        var home = Path.Combine(_folder, "postgres");
        Directory.CreateDirectory(Path.Combine(home, "data.new"));
        await File.WriteAllTextAsync(Path.Combine(home, "data.new", "PG_VERSION"), "15\n");

        await using var server = await StartAsync();

        Assert.Equal(1, await ScalarAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task Root_with_a_closed_folder_keeps_the_cluster_elsewhere_and_finds_it_again()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return;
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string home;
        await using (var server = await StartAsync())
        {
            home = server.ClusterHome;
            await ExecuteAsync(server, "CREATE TABLE kept (id int)");
        }

        await using (var again = await StartAsync())
        {
            Assert.Equal(home, again.ClusterHome);
            Assert.DoesNotContain(_folder, home, StringComparison.Ordinal);
            Assert.Equal(0L, await ScalarAsync(again, "SELECT count(*) FROM kept"));
        }
        Directory.Delete(home, recursive: true);
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(_folder, Quick, progress: null, CancellationToken.None);

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql) => await ScalarAsync(server, sql);

    private static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A server takes its pid file away a moment before it ends.</summary>
    private static async Task AssertGoneAsync(int process)
    {
        try
        {
            using var server = Process.GetProcessById(process);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await server.WaitForExitAsync(patience.Token);
        }
        catch (ArgumentException)
        {
            // It was gone already.
        }
    }
}
