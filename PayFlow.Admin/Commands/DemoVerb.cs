using System.CommandLine;
using PayFlow.Admin.Demo;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow demo</c>: a small retail chain that sells and syncs before your eyes.</summary>
internal sealed class DemoVerb : Verb
{
    private const int OfficeChanges = 40;
    private static readonly int[] Sales = [20, 15, 25];
    private static readonly Option<bool> Once = new("--once") { Description = "End after three syncs: everything, only what changed, nothing." };

    public DemoVerb(CommandRunner runner)
        : base("demo", "Try it: a head office and three tills, made in the data folder, that sell and sync, with the console in the browser. Goes on where it stopped.", runner, Once, ServeVerb.Urls)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var options = call.ReadSettings().Options;
        var folder = new DemoFolder(Path.Combine(call.DataFolder, "demo"));
        var output = call.Output;
        output.Line($"PayFlow demo: a small retail chain in {folder.Path}");
        await using var central = await OpenedCentral.OpenAsync(
            call.Central, call.Environment, folder.Path, output.IsJson ? null : output.Note, call.Cancelled, inspect: source => folder.RequireOwnAsync(source, call.Cancelled));
        await using var chain = await DemoChain.OpenAsync(central.Source, folder, options, call.Cancelled);
        await IntroduceAsync(output, central, chain, call.Cancelled);

        var isOnce = call.Get(Once);
        var (isStill, rowsLeft) = await ThreeSyncsAsync(call, chain);
        Conclude(output, folder, isStill, rowsLeft, isOnce);
        if (isOnce || !isStill)
            return isStill ? ExitCode.Done : ExitCode.Failed;
        await chain.MakeTroubleAsync(call.Cancelled);
        var urls = call.Get(ServeVerb.Urls) is { } named ? ServeVerb.ReadUrls(named) : null;
        await new DemoConsole(chain, folder, central.Source, central.Place, call.ReadSettings(), call.Environment, output).RunAsync(urls, call.Cancelled);
        return ExitCode.Done;
    }

    private static async Task IntroduceAsync(CommandOutput output, OpenedCentral central, DemoChain chain, CancellationToken cancellationToken)
    {
        var (products, customers) = await chain.CountAsync(cancellationToken);
        if (chain.IsContinued)
            output.Line("It is there already, from an earlier start, and goes on. (A new one: payflow demo --data FOLDER.)");
        var cast = new TextTable("who", "database", "what");
        cast.Add(["head office", $"PostgreSQL {central.Place}", $"{Figures.Count(products)} products, {Figures.Count(customers)} customers"]);
        foreach (var till in chain.Tills)
            cast.Add([$"till {till.Id}", $"SQLite {Path.GetFileName(till.Path)}", till.Origin]);
        output.Table(cast);
    }

    /// <summary>Everything, only what changed, nothing. Whether the third moved nothing indeed, and how many rows wait for somebody.</summary>
    private static async Task<(bool IsStill, long RowsLeft)> ThreeSyncsAsync(Invocation call, DemoChain chain)
    {
        var (output, cancelled) = (call.Output, call.Cancelled);
        output.Line();
        if (!chain.IsContinued)
            output.Line("Bootstrap: what the tills had before they were attached is compared with central");
        var compared = await chain.BootstrapAsync(cancelled);
        if (!chain.IsContinued)
        {
            DemoText.Bootstrapped(output, compared, chain.Tills);
            output.Line();
        }
        output.Line(chain.IsContinued ? "First sync: what was sold and changed since the last one" : "First sync: every till gets what it lacks, and sends what it has");
        var first = await chain.SyncAsync(cancelled);
        DemoText.Moved(output, first, chain.Tills);

        output.Line();
        for (var i = 0; i < chain.Tills.Count; i++)
            chain.Sell(chain.Tills[i], Sales[i % Sales.Length]);
        await chain.WorkAsync(OfficeChanges, cancelled);
        output.Line($"The line is down. The tills sell on: {string.Join(", ", chain.Tills.Select((t, i) => $"{t.Id} {Sales[i % Sales.Length]} sales"))}. The head office changes {OfficeChanges} prices, stocks, customers and articles.");
        output.Line();
        output.Line("Second sync: only what changed moves");
        var second = await chain.SyncAsync(cancelled);
        DemoText.Moved(output, second, chain.Tills);

        output.Line();
        output.Line("Third sync: nothing has changed since");
        var third = await chain.SyncAsync(cancelled);
        DemoText.Moved(output, third, chain.Tills);
        output.Json(new { ok = third.Moved == 0, bootstrap = Document(compared, chain), syncs = new[] { first, second, third }.Select(r => Document(r, chain)) });
        return (third.Moved == 0, third.RowsLeft);
    }

    private static object Document(DemoRound round, DemoChain chain) => new
    {
        moved = round.Moved,
        milliseconds = (long)round.Time.TotalMilliseconds,
        rowsLeft = round.RowsLeft,
        tills = chain.Tills.Select(t => new { terminal = t.Id, toCentral = round.MovedOf(t.Id, SyncDirection.Pull), toTill = round.MovedOf(t.Id, SyncDirection.Push) }),
    };

    private static void Conclude(CommandOutput output, DemoFolder folder, bool isStill, long rowsLeft, bool isOnce)
    {
        output.Line();
        if (!isStill)
        {
            output.Note("payflow: the third sync moved rows although nothing had changed");
            output.Note($"hint: payflow status --data {folder.Path} shows how the tills stand.");
            return;
        }
        output.Line(rowsLeft == 0 ? "All databases are in step." : $"All databases are in step, but for {Figures.Count(rowsLeft, "row")} that somebody has to decide.");
        var status = $"payflow status --data {Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Path)}";
        output.Line($"next: {status}   (how the tills stand{(isOnce ? string.Empty : "; in another window")})");
        if (isOnce)
            output.Line($"      {"payflow demo".PadRight(status.Length)}   (goes on selling and syncing)");
    }
}
