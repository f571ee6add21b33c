using Npgsql;
using PayFlow.Admin.Output;
using PayFlow.Admin.Sample;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Demo;

/// <summary>The demo's chain: a head office and three tills in two stores, made at the first start and found again at the next.</summary>
internal sealed class DemoChain : IAsyncDisposable
{
    private const int Seed = 7;

    private readonly NpgsqlDataSource _central;
    private readonly SampleCentralOffice _office;
    private readonly SyncOptions _options;
    private readonly int _seed;

    private DemoChain(NpgsqlDataSource central, IReadOnlyList<DemoTill> tills, SyncOptions options, int seed, DateTimeOffset now, bool isContinued)
    {
        IsContinued = isContinued;
        _central = central;
        _options = options;
        _seed = seed;
        Tills = tills;
        _office = new SampleCentralOffice(central, seed, now);
    }

    public IReadOnlyList<DemoTill> Tills { get; }

    /// <summary>All of it was there already, from an earlier start.</summary>
    public bool IsContinued { get; }

    /// <summary>Makes what is missing: central's tables, the tills' files, the table map, the attachments.</summary>
    /// <param name="central">The head office's database.</param>
    /// <param name="folder">Where the tills are.</param>
    /// <param name="options">As for a sync.</param>
    /// <param name="cancellationToken">Ends it; the next start goes on from there.</param>
    /// <param name="size">How big a chain that is made now is; <see cref="SampleSize.Standard"/> when null.</param>
    public static async Task<DemoChain> OpenAsync(NpgsqlDataSource central, DemoFolder folder, SyncOptions options, CancellationToken cancellationToken, SampleSize? size = null)
    {
        await folder.ClaimAsync(central, cancellationToken);
        if (!await SampleChain.ExistsAsync(central, cancellationToken))
            await SampleChain.CreateCentralAsync(central, size ?? SampleSize.Standard, Seed, cancellationToken);
        var maps = new TableMapStore(central);
        if ((await maps.LoadAsync(cancellationToken)).Map.Tables.Count == 0)
            await maps.SaveAsync(new TableMap(SampleMap.Entries), null, cancellationToken);

        var catalogue = SampleCatalogue.Generate(size ?? SampleSize.Standard, Seed);
        var tills = new List<DemoTill>();
        var isContinued = true;
        foreach (var till in catalogue.Tills)
        {
            // The last one is new: it gets everything by its first load.
            var isEmpty = till == catalogue.Tills[^1];
            var path = folder.TillFile(till.Code);
            if (!File.Exists(path))
                Create(path, till, isEmpty ? null : catalogue);
            var isKnown = !await AttachAsync(central, path, till, cancellationToken);
            isContinued &= isKnown;
            var origin = isKnown ? $"as it was left, with {Figures.Count(CountSales(path), "sale")}"
                : isEmpty ? "new and empty" : $"delivered with the catalogue, {SampleChain.SalesBeforeAttach} sales made before it was attached";
            tills.Add(new DemoTill(till, path, origin, new TerminalSync(path, new PostgresCentral(central), options)));
        }
        var (seed, now) = await ContinueAsync(central, cancellationToken);
        return new DemoChain(central, tills, options, seed, now, isContinued);
    }

    /// <summary>Products and customers of the head office.</summary>
    public async Task<(long Products, long Customers)> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = _central.CreateCommand("SELECT (SELECT count(*) FROM public.products), (SELECT count(*) FROM public.customers)");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Conflicts that wait for a decision, and rows that central refused for good.</summary>
    public async Task<(long Conflicts, long DeadLetters)> CountTroublesAsync(CancellationToken cancellationToken)
    {
        var conflicts = await new ConflictDesk(_central).CountAsync(new ConflictFilter(), cancellationToken);
        return (conflicts.Sum(c => c.Conflicts), Tills.Sum(t => QueueReading.List(t.Path, new QueueFilter { Status = QueueFilter.DeadLetter }).Count));
    }

    /// <summary>A cashier sells at one till, which knows nothing of the network.</summary>
    public int Sell(DemoTill till, int sales) => new SampleCashier(till.Path, till.Till, _seed).SellOffline(sales);

    /// <summary>The head office changes prices, stock, customers and articles.</summary>
    public Task<int> WorkAsync(int changes, CancellationToken cancellationToken) => _office.WorkAsync(changes, cancellationToken);

    /// <summary>Makes something to decide and something to mend, once.</summary>
    public Task<bool> MakeTroubleAsync(CancellationToken cancellationToken) => new DemoTroubles(_central, Tills, _options).MakeAsync(cancellationToken);

    /// <summary>Compares what the tills had before they were attached.</summary>
    public async Task<DemoRound> BootstrapAsync(CancellationToken cancellationToken)
    {
        var reports = new List<RunReport>();
        foreach (var till in Tills)
            reports.Add(await till.Sync.RunAsync(new SyncRequest { Bootstrap = true, SyncType = "demo" }, null, cancellationToken));
        return new DemoRound(reports);
    }

    /// <summary>Syncs all tills: first each sends, then each fetches, so that after one round all have what the others sent.</summary>
    public async Task<DemoRound> SyncAsync(CancellationToken cancellationToken)
    {
        var reports = new List<RunReport>();
        foreach (var direction in new[] { SyncDirection.Pull, SyncDirection.Push })
        {
            foreach (var till in Tills)
                reports.Add(await till.Sync.RunAsync(new SyncRequest { Direction = direction, SyncType = "demo" }, null, cancellationToken));
        }
        return new DemoRound(reports);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var till in Tills)
            await till.DisposeAsync();
    }

    // Under another name until it is whole: a start that was cut short begins this till anew.
    private static void Create(string path, SampleTill till, SampleCatalogue? preload)
    {
        var fresh = path + ".new";
        foreach (var left in new[] { fresh, fresh + "-wal", fresh + "-shm", fresh + "-journal" })
            File.Delete(left);
        SampleChain.CreateTill(fresh, till, Seed, preload);
        File.Move(fresh, path);
    }

    private static long CountSales(string path)
    {
        using var connection = SampleTillFile.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM orders";
        return command.ExecuteScalar() is long sales ? sales : 0;
    }

    /// <returns>False when it was attached before.</returns>
    private static async Task<bool> AttachAsync(NpgsqlDataSource central, string path, SampleTill till, CancellationToken cancellationToken)
    {
        if (TerminalInspection.FindTerminal(path) is not null)
            return false;
        await new Attachment(central).AttachAsync(new AttachRequest
        {
            Path = path,
            Terminal = till.Code,
            Name = $"Demo till {till.Number}",
            Attributes = new Dictionary<string, string> { ["store_id"] = till.StoreId, ["terminal_id"] = till.Id },
        }, cancellationToken);
        return true;
    }

    // Other draws than at the last start, or the head office would give out the same keys again; and its calendar goes on.
    private static async Task<(int Seed, DateTimeOffset Now)> ContinueAsync(NpgsqlDataSource central, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand("SELECT (SELECT count(*) FROM public.orders) + (SELECT count(*) FROM public.products), (SELECT max(updated_at) FROM public.products)");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var latest = new DateTimeOffset(DateTime.SpecifyKind(reader.GetDateTime(1), DateTimeKind.Utc));
        return (Seed + (int)reader.GetInt64(0), latest > SampleChain.Opening ? latest : SampleChain.Opening);
    }
}
