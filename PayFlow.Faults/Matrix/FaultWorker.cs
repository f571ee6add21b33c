using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Faults.Cluster;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Host;
using PayFlow.Faults.Kinds;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Matrix;

/// <summary>One after the other takes a seed; has a server, a disk and an engine's process of its own, and keeps them between seeds.</summary>
internal sealed class FaultWorker : IAsyncDisposable
{
    /// <summary>A database with nothing but PayFlow's own tables, which every seed begins with a copy of.</summary>
    public const string Template = "chain";

    private readonly string _folder;

    private FaultWorker(FaultOptions options, string folder, PrivateCluster cluster, TillDisk disk, EngineSlot engine, HostSlot host)
    {
        Options = options;
        _folder = folder;
        Cluster = cluster;
        Disk = disk;
        Engine = engine;
        Host = host;
    }

    public FaultOptions Options { get; }

    public PrivateCluster Cluster { get; }

    public TillDisk Disk { get; }

    public EngineSlot Engine { get; }

    /// <summary>Used by tills elsewhere alone.</summary>
    public HostSlot Host { get; }

    public FaultyLine Line { get; } = new();

    public static async Task<FaultWorker> StartAsync(FaultOptions options)
    {
        var folder = MakeFolder();
        var engine = new EngineSlot(options.Sabotage);
        _ = engine.Process;
        var cluster = await PrivateCluster.StartAsync(Path.Combine(folder, "pg"));
        await cluster.ExecuteAsync($"CREATE DATABASE {Template}");
        await using (var source = await PostgresSource.OpenAsync(cluster.ConnectionString(Template), CancellationToken.None))
        {
            if (options.IsOverHttp)
                await ConsoleMigrator.MigrateAsync(source);
            source.Clear();
        }
        return new FaultWorker(options, folder, cluster, TillDisk.Create(Path.Combine(folder, "tills")), engine, new HostSlot(options.Sabotage));
    }

    public Task<SeedResult> RunAsync(int seed) => new SeedRun(this, seed, Options.KindOf(seed)).RunAsync();

    public async ValueTask DisposeAsync()
    {
        Engine.Dispose();
        await Line.DisposeAsync();
        Host.Dispose();
        NpgsqlConnection.ClearAllPools();
        await Cluster.DisposeAsync();
        Disk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // In memory where that is possible: what is tried here are processes that die, not disks. Others may pass through: the server runs as another user where we are root.
    private static string MakeFolder()
    {
        var memory = "/dev/shm";
        var folder = Directory.Exists(memory) ? Directory.CreateDirectory(Path.Combine(memory, "payflow-faults-" + Guid.NewGuid().ToString("N"))).FullName : Directory.CreateTempSubdirectory("payflow-faults-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }
}
