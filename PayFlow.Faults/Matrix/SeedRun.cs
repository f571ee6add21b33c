using System.Diagnostics;
using Npgsql;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Kinds;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Matrix;

/// <summary>One made-up chain: its tables, tills and history come from the seed, its trouble from the kind of fault. Then it is left in peace, and looked at.</summary>
internal sealed class SeedRun(FaultWorker worker, int seed, FaultKind kind)
{
    private const int Rounds = 12;
    private const int StrikePercent = 60;
    private const int DecidingRounds = 3;
    private const int MostDecisions = 200;

    private readonly List<Finding> _found = [];
    private readonly string _folder = Path.Combine(worker.Disk.Folder, $"s{seed}");
    private string Database => $"s{seed}";

    public async Task<SeedResult> RunAsync()
    {
        try
        {
            return await RunWholeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It could not even be set up or cleared away: that is said, and the other seeds go on.
            return new SeedResult(seed, kind) { IsOverHttp = worker.Options.IsOverHttp, Findings = [.. _found, new Finding(FindingKind.Wedged, e.ToString())] };
        }
    }

    private async Task<SeedResult> RunWholeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(_folder);
        await worker.Cluster.CloneAsync(Database, FaultWorker.Template);
        var central = worker.Cluster.ConnectionString(Database);
        await using var source = Source(central);
        var remote = worker.Options.IsOverHttp ? new RemoteSide(worker.Line, worker.Host, central, source) : null;
        worker.Line.Reset();
        if (remote is not null)
            await remote.StartHostAsync();
        var random = new Random(seed);
        var shape = kind.Adapt(ChainShape.Draw(new Random(seed)), seed);
        var tills = Enumerable.Range(0, random.Chance(70) ? 2 : 3).Select(i => Till(i, shape, source, central, random, remote)).ToList();
        await using var world = await ChainWorld.CreateAsync(source, shape, "public", tills, random);
        var scene = new FaultScene(world, worker.Cluster, worker.Engine, worker.Disk, seed) { Remote = remote };
        try
        {
            await PlayAsync(world, scene, random);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever stops the play is a finding of this seed, and no reason to stop the others.
            _found.Add(new Finding(FindingKind.Wedged, e.ToString()));
        }
        await worker.Line.DrainAsync();
        _found.AddRange(tills.SelectMany(t => t.Surprises).Select(s => new Finding(FindingKind.Wedged, $"an error that the engine has no words for: {s}")));
        _found.AddRange(scene.Findings);
        _found.AddRange(worker.Line.Surprises.Select(s => new Finding(FindingKind.Wedged, $"an answer that nothing explains: {s}")));
        await worker.Engine.CloseAsync();
        if (remote is not null)
            await remote.StopHostAsync();
        var result = new SeedResult(seed, kind)
        {
            IsOverHttp = worker.Options.IsOverHttp,
            Findings = _found,
            Hits = scene.Hits,
            Changes = world.Ledger.Made.Count + world.Ledger.Committed.Count,
        };
        if (!result.Passed)
            result = result with { Kept = await KeepAsync(world, shape) };
        await world.DisposeAsync();
        source.Clear();
        await worker.Cluster.DropAsync(Database);
        Directory.Delete(_folder, recursive: true);
        return result with { Duration = Stopwatch.GetElapsedTime(started) };
    }

    private async Task PlayAsync(ChainWorld world, FaultScene scene, Random random)
    {
        var fault = kind.Create(scene);
        world.Disturb = async (till, request, drawn) =>
        {
            if (scene.Hits.Values.Sum() < fault.MostHits && drawn.Chance(StrikePercent))
                await fault.StrikeAsync((EngineTill)till, request, drawn);
            else
                world.LogRun(await till.SyncAsync(request));
        };
        for (var i = random.Next(8, 24); i > 0; i--)
            await world.ActAsync(random.Next());
        // A few more tries, so that no seed ends without its fault.
        for (var i = 0; i < 4 && scene.Hits.Count == 0; i++)
        {
            world.ChangeTill(world.Tills[0], random);
            world.ChangeCentral(random);
            await fault.StrikeAsync((EngineTill)world.Tills[0], new SyncRequest(), random);
        }
        await fault.EndAsync(random);
        await worker.Line.DrainAsync();
        world.Log.Add("== in peace");
        if (await new Quiescence(world).ReachAsync(Rounds) is { } restless)
            _found.Add(new Finding(FindingKind.Wedged, restless));
        else if (await DecideAsync(world, random) is { } still)
            _found.Add(new Finding(FindingKind.Wedged, $"after all conflicts were decided: {still}"));
        else
            await CompareAsync(world);
    }

    private async Task CompareAsync(ChainWorld world)
    {
        var check = new ConvergenceCheck(world);
        _found.AddRange(check.Run());
        if (_found.Count > 0)
            return;
        foreach (var (till, table) in check.Stale)
            await RepairAsync(world, world.Tills.Single(t => t.Id == till), table);
        await VerifyAsync(world);
    }

    // What does not come down by itself is named and brought when somebody asks for it.
    private async Task RepairAsync(ChainWorld world, IChainTill till, string table)
    {
        if ((await new Verification(till.File.Path, world.Source).RunAsync(new VerifyRequest { Tables = [table] })).Differences == 0)
            _found.Add(new Finding(FindingKind.Divergent, $"{till.Id}: verify does not name the rows of {table} that other tills have changed since a decision"));
        await new Repair(till.File.Path, world.Source).RunAsync(new RepairRequest { From = RepairSource.Central, Tables = [table], IsConfirmed = true });
        world.Log.Add($"   {till.Id}: {table} repaired from central");
    }

    // Decisions may make room for rows that were refused, and those may open conflicts of their own.
    private static async Task<string?> DecideAsync(ChainWorld world, Random random)
    {
        for (var i = 0; i < DecidingRounds && await world.DecideAsync(random, MostDecisions) > 0; i++)
        {
            if (await new Quiescence(world).ReachAsync(Rounds) is { } restless)
                return restless;
        }
        return null;
    }

    // The product's own comparison as a second opinion.
    private async Task VerifyAsync(ChainWorld world)
    {
        foreach (var till in world.Tills)
        {
            var report = await new Verification(till.File.Path, world.Source).RunAsync();
            foreach (var table in report.Tables.Where(t => t.Differences > 0))
                _found.Add(new Finding(FindingKind.Divergent, $"{till.Id}: verify finds {table.Differences} differences in {table.Table}: {string.Join("; ", table.Samples)}"));
        }
    }

    private EngineTill Till(int index, ChainShape shape, NpgsqlDataSource source, string central, Random random, RemoteSide? remote)
    {
        var id = $"s{seed}-{(char)('A' + index)}";
        var file = new TillFile(Path.Combine(_folder, id + ".db"));
        file.Execute($"PRAGMA journal_mode = {random.Pick(["DELETE", "WAL", "TRUNCATE", "PERSIST"])};{shape.TerminalDdl}");
        return new EngineTill(id, file, shape, source, central, worker.Engine, remote);
    }

    // The settings of the engine's own connections, under another name.
    private static NpgsqlDataSource Source(string central)
    {
        using var engine = PostgresSource.Create(central);
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(engine.ConnectionString) { ApplicationName = "payflow-faults" }.ConnectionString);
    }

    private async Task<string> KeepAsync(ChainWorld world, ChainShape shape)
    {
        var folder = Path.GetFullPath(Path.Combine(worker.Options.Keep, $"{seed}-{kind.Name}"));
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(_folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        try
        {
            ChainPicture.Rows(world.Log, shape, world.Central, world.Tills);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or Microsoft.Data.Sqlite.SqliteException)
        {
            world.Log.Add($"The rows cannot be read: {e.Message}");
        }
        await File.WriteAllLinesAsync(Path.Combine(folder, "log.txt"), [$"seed {seed}, fault {kind.Name}", .. _found.Select(f => f.ToString()), "", .. shape.Tables.Select(t => t.ToString()), $"batch size {shape.BatchSize}", "", .. world.Log]);
        await worker.Cluster.DumpAsync(Database, Path.Combine(folder, "central.sql"));
        return folder;
    }
}
