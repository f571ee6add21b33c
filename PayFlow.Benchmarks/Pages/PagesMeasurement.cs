using PayFlow.Admin.Components;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Pages;

/// <summary>How long the console takes to a page's first content when the chain has a long history: 1,000,000 runs, 100,000 rows in a till's queue, 10,000 conflicts, 200,000 jobs, 200,000 deliveries of a webhook.</summary>
internal sealed class PagesMeasurement : IMeasurement
{
    private const int RoundCount = 9;
    private const double TargetSeconds = 0.3;

    public string Name => "pages";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var console = await ServedConsole.StartAsync(context);
        using var visitor = new ConsoleVisitor(console.Address);
        await visitor.SignInAsync(console.Admin.Email, console.Admin.Password);
        var results = new List<BenchResult>();
        foreach (var (name, url) in await PagesAsync(console.Central))
        {
            results.Add(await MeasureAsync(visitor, name, url));
            context.Say($"  {results[^1].Name} {results[^1].Seconds * 1_000:0} ms");
        }
        return results;
    }

    private static async Task<BenchResult> MeasureAsync(ConsoleVisitor visitor, string name, string url)
    {
        // The first visit compiles what a host has compiled long since.
        await visitor.GetAsync(url);
        var times = new List<double>();
        for (var round = 0; round < RoundCount; round++)
            times.Add(await Rounds.TimeAsync(() => visitor.GetAsync(url)));
        var seconds = Rounds.Median(times);
        return new BenchResult($"page-{name}", seconds, TargetSeconds, seconds / TargetSeconds, 1, $"{seconds * 1_000:0} ms to the first content of {url.Split('?')[0]}, slowest {times.Max() * 1_000:0} ms; ratio: to {TargetSeconds * 1_000:0} ms");
    }

    private static async Task<IReadOnlyList<(string Name, string Url)>> PagesAsync(BenchDatabase central)
    {
        var run = await central.ScalarAsync<Guid>("SELECT id FROM payflow.sync_log WHERE records_count > 0 ORDER BY started_at DESC LIMIT 1");
        var conflict = await central.ScalarAsync<long>("SELECT max(id) FROM payflow.conflicts");
        var job = await central.ScalarAsync<long>("SELECT max(id) FROM console.jobs");
        var webhook = await central.ScalarAsync<Guid>("SELECT id FROM console.webhooks WHERE name = 'Ledger 1'");
        var quiet = await central.ScalarAsync<Guid>("SELECT id FROM console.webhooks WHERE name = 'Ledger 2'");
        var delivery = await central.ScalarAsync<long>("SELECT max(id) FROM console.webhook_deliveries");
        return
        [
            ("overview", Urls.Overview), ("terminals", Urls.TerminalList), ("terminal", Urls.Terminal("bench")), ("tables", Urls.TableList), ("table", Urls.Table("sales")),
            ("runs", Urls.RunList), ("runs-filtered", Urls.Runs(terminal: "T007", status: "FAILED")), ("runs-far", Urls.Page(Urls.RunList, 150)), ("run", Urls.Run(run)),
            ("queue", Urls.Queue("bench")), ("queue-failed", Urls.Queue("bench", "FAILED")), ("conflicts", Urls.Conflicts()), ("conflict", Urls.Conflict(conflict)),
            ("schedules", Urls.ScheduleList), ("jobs", Urls.JobList), ("jobs-failed", Urls.Jobs("failed")), ("job", Urls.Job(job)), ("consistency", Urls.Consistency),
            ("users", Urls.UserList), ("audit", Urls.AuditList), ("settings", Urls.Settings),
            ("webhooks", Urls.WebhookList), ("webhook", Urls.Webhook(webhook)), ("webhook-failed", Urls.Webhook(webhook, state: "FAILED")), ("webhook-quiet", Urls.Webhook(quiet)), ("delivery", Urls.Delivery(webhook, delivery)), ("devices", Urls.DeviceCodes),
        ];
    }
}
