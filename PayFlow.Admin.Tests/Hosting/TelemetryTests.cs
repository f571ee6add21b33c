using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PayFlow.Admin.Tests.Commands;
using PayFlow.Admin.Tests.Jobs;
using Xunit;

namespace PayFlow.Admin.Tests.Hosting;

/// <summary>What a served process sends and writes for whoever watches it.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_traces_of_a_sync_are_sent_by_http_protobuf()
    {
        await using var shop = await AttachedAsync();
        var received = new ConcurrentQueue<(string Path, string Type, string Text)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            // Names and texts stand as they are in a protobuf message.
            received.Enqueue((context.Request.Path, context.Request.ContentType ?? string.Empty, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector.StartAsync();

        using var host = ServedHost.Start(shop.Central.ConnectionString,
            ("SYNC_CRON", "* * * * * ?"), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("OTEL_BSP_SCHEDULE_DELAY", "500"));

        bool Has(string path, string text) => received.Any(r => r.Path == path && r.Text.Contains(text, StringComparison.Ordinal));
        foreach (var name in new[] { "payflow.runs", "payflow.rows", "payflow.job.latency", "payflow.job.duration", "payflow.lag.seconds", "payflow.queue.rows", "payflow.conflicts.open", "payflow.dead.letters", "payflow.hosts" })
            await Until.TrueAsync(() => Task.FromResult(Has("/v1/metrics", name)), () => $"{name} is missing; {host.Output}");
        await Until.TrueAsync(() => Task.FromResult(Has("/v1/traces", "job sync") && Has("/v1/traces", "payflow.terminal")), () => host.Output);
        Assert.All(received, r => Assert.Equal("application/x-protobuf", r.Type));
        Assert.True(Has("/v1/metrics", "service.name") && Has("/v1/metrics", "payflow"));
    }

    [Fact]
    public async Task Log_lines_are_JSON_objects_with_run_and_terminal_also_of_a_run_that_fails()
    {
        await using var shop = await AttachedAsync();
        using var host = ServedHost.Start(shop.Central.ConnectionString, ("SYNC_CRON", "* * * * * ?"), ("PAYFLOW_LOG", "json"));
        await Until.TrueAsync(() => Task.FromResult(host.Output.Contains("rows moved", StringComparison.Ordinal)), () => host.Output);
        // The run begins, and cannot be written down at its end.
        await shop.Central.ExecuteAsync("ALTER TABLE payflow.sync_log_tables RENAME TO elsewhere");
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A2')");
        await Until.TrueAsync(() => Task.FromResult(Lines(host).Any(l => IsOf(l, "JobExecution") && Scope(l, "RunId") is not null)), () => host.Output);

        foreach (var line in host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipWhile(l => !l.StartsWith('{')).SkipLast(1).Where(l => l.StartsWith('{')))
            Assert.NotEmpty(JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()!);
        var synced = Lines(host).First(l => IsOf(l, "SyncWork"));
        Assert.Equal(1, await shop.Central.ScalarAsync<long>($"SELECT count(*) FROM payflow.sync_log WHERE id = '{Scope(synced, "RunId")}'"));
        Assert.Equal("T1", Scope(synced, "TerminalId"));
        Assert.DoesNotContain("System.Collections", synced.GetRawText(), StringComparison.Ordinal);
        var failed = Lines(host).First(l => IsOf(l, "JobExecution") && Scope(l, "RunId") is not null);
        Assert.Equal("T1", Scope(failed, "TerminalId"));
        Assert.True(Guid.TryParse(Scope(failed, "RunId"), out _));
    }

    private static async Task<Shop> AttachedAsync()
    {
        var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A1')");
        return shop;
    }

    // The last line may not be whole yet.
    private static List<JsonElement> Lines(ServedHost host) =>
        [.. host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith('{') && l.TrimEnd().EndsWith('}')).Select(l => JsonDocument.Parse(l).RootElement)];

    private static bool IsOf(JsonElement line, string category) => line.GetProperty("Category").GetString()!.EndsWith(category, StringComparison.Ordinal);

    private static string? Scope(JsonElement line, string name) =>
        line.TryGetProperty("Scopes", out var scopes) ? scopes.EnumerateArray().Where(s => s.ValueKind == JsonValueKind.Object && s.TryGetProperty(name, out _)).Select(s => s.GetProperty(name).ToString()).FirstOrDefault() : null;
}
