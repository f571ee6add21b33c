using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Remote;

/// <summary>A terminal's first loads, down and up, by way of a host on loopback against the same loads of an attached file.</summary>
internal sealed class LineMeasurement : IMeasurement
{
    private const int RoundCount = 5;

    public string Name => "remote-line";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context) => [await DownAsync(context), await UpAsync(context)];

    private async Task<BenchResult> DownAsync(BenchContext context)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.CopyAsync(SaleRows.Make(context.Rows));
        await central.ExecuteAsync("VACUUM ANALYZE sales");
        await central.UseEngineAsync("sales");
        await using var host = await HostProcess.StartAsync(central);
        // A host has served others before.
        await LoadAsync(context, central, "first", host);
        var rounds = await Rounds.AlternateAsync(RoundCount, round => LoadAsync(context, central, $"till{round}", host), round => LoadAsync(context, central, $"attached{round}", null));
        return Result($"{Name}-down", context, host, rounds, "from central into an empty terminal");
    }

    private static async Task<double> LoadAsync(BenchContext context, BenchDatabase central, string terminal, HostProcess? host)
    {
        var path = context.NewFile();
        TillFile.Create(path).Dispose();
        await using var sync = await AttachAsync(path, central, terminal, host);
        await context.SettleAsync();
        var seconds = await Rounds.TimeAsync(async () => Require.Moved(await sync.RunAsync(), context.Rows));
        using (var till = TillFile.Open(path))
            Require.Equal(context.Rows, till.Count(), "rows in the terminal");
        return seconds;
    }

    private async Task<BenchResult> UpAsync(BenchContext context)
    {
        var template = context.NewFile();
        using (var till = TillFile.Create(template))
            till.Insert(SaleRows.Make(context.Rows));
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.UseEngineAsync("sales");
        await using var host = await HostProcess.StartAsync(central);
        await UploadAsync(context, central, template, "first", host);
        var rounds = await Rounds.AlternateAsync(RoundCount, round => UploadAsync(context, central, template, $"till{round}", host), round => UploadAsync(context, central, template, $"attached{round}", null));
        return Result($"{Name}-up", context, host, rounds, "of a terminal into an empty central table");
    }

    private static async Task<double> UploadAsync(BenchContext context, BenchDatabase central, string template, string terminal, HostProcess? host)
    {
        var path = context.NewFile();
        File.Copy(template, path);
        await central.ExecuteAsync("TRUNCATE sales");
        await using var sync = await AttachAsync(path, central, terminal, host);
        await context.SettleAsync();
        var seconds = await Rounds.TimeAsync(async () => Require.Moved(await sync.RunAsync(new SyncRequest { Bootstrap = true }), context.Rows));
        Require.Equal(context.Rows, await central.CountAsync(), "rows in central");
        return seconds;
    }

    private static async Task<TerminalSync> AttachAsync(string path, BenchDatabase central, string terminal, HostProcess? host)
    {
        if (host is null)
        {
            await TillFile.AttachAsync(path, central, terminal);
            return TillFile.Sync(path, central);
        }
        var device = await host.RegisterAsync(path, terminal);
        var line = new HttpCentral(new HostLine(device.Host, device.Key));
        await new RemoteAttachment(path, device).AttachAsync(line, CancellationToken.None);
        return new TerminalSync(path, line);
    }

    private static BenchResult Result(string name, BenchContext context, HostProcess host, Rounds rounds, string what) =>
        new(name, rounds.Subject, rounds.Floor, rounds.Ratio, 2, $"{context.Rows:N0} rows {what} by way of a host: {context.Rows / rounds.Subject:N0} rows/s, host {host.PeakBytes / 1e6:0} MB at most; floor: the same with an attached file");
}
