using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>What comes in from outside, however it was made: refused in words, with nothing of it applied.</summary>
public sealed class RemoteBodyTests(RemoteHost host) : IClassFixture<RemoteHost>
{
    private RemoteChain Remote => host.Chain;

    private DeviceCredentials Device => host.Device;

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000001","runId":"00000000-0000-0000-0000-000000000001","sections":[null]}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000001","runId":"00000000-0000-0000-0000-000000000001","sections":[{"table":"products","columns":[],"rows":[["k",["zoo"]]]}]}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000001","runId":"00000000-0000-0000-0000-000000000001","sections":[]}""")]
    public async Task A_body_that_is_no_batch_is_refused_in_words(string body)
    {
        var run = Guid.NewGuid();
        await DeviceCalls.OpenAsync(Remote, Device, run);
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        using var answer = await client.PostAsync(SyncPaths.Upload, DeviceCalls.Digested(body.Replace("00000000-0000-0000-0000-000000000001", run.ToString(), StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Protocol", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(SyncPaths.Key, "{}")]
    [InlineData(SyncPaths.Register, "{}")]
    [InlineData(SyncPaths.Decisions, "[null]")]
    [InlineData(SyncPaths.Decisions, "[{}]")]
    [InlineData(SyncPaths.Delivered, "{}")]
    [InlineData(SyncPaths.Download, "{}")]
    [InlineData(SyncPaths.Count, "{}")]
    [InlineData(SyncPaths.Rows, "{}")]
    [InlineData(SyncPaths.Fetch, "{}")]
    [InlineData(SyncPaths.Fetch, """{"table":"products"}""")]
    [InlineData(SyncPaths.Fetch, """{"table":"products","keys":[null]}""")]
    [InlineData(SyncPaths.Rows, """{"table":"customers","after":"no uuid","limit":10}""")]
    [InlineData(SyncPaths.Stamped, "{}")]
    [InlineData(SyncPaths.Stamped, """{"table":"products"}""")]
    [InlineData(SyncPaths.Audit, "{}")]
    [InlineData(SyncPaths.Audit, """{"actor":"x","action":"queue.edit"}""")]
    [InlineData(SyncPaths.Close, "{}")]
    public async Task A_body_that_lacks_what_it_is_about_is_a_mistake_of_the_client_and_none_of_the_host(string path, string body)
    {
        var run = Guid.NewGuid();
        await DeviceCalls.OpenAsync(Remote, Device, run);
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        using var answer = await client.PostAsync(path, DeviceCalls.Json(body));
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.InRange((int)answer.StatusCode, 400, 409);
        Assert.NotEqual(string.Empty, problem.GetProperty("hint").GetString());
    }

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"name":"products"}]""")]
    [InlineData("""[{"name":"products","columns":[],"key":[],"indexes":[]}]""")]
    [InlineData("""[{"name":"products","columns":[null],"key":[],"foreignKeys":[],"indexes":[]}]""")]
    [InlineData("""[{"name":"products","columns":[{"name":"id","type":"TEXT"}],"key":["id"],"foreignKeys":[{"columns":["id"]}],"indexes":[]}]""")]
    public async Task A_schema_that_is_not_whole_is_refused_in_words(string schema)
    {
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        using var answer = await client.PostAsync(SyncPaths.Open, DeviceCalls.Json($$"""{"terminal":"T1","runId":"{{Guid.NewGuid()}}","schemaVersion":"{{Guid.NewGuid()}}","schema":{{schema}}}"""));
        Assert.Equal((HttpStatusCode.BadRequest, true), (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("not understood", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_huge_one_is_not_unpacked_to_its_end()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var blanks = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var i = 0; i < 12; i++)
                await gzip.WriteAsync(blanks);
        }
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await client.PostAsync(SyncPaths.Advance, content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("longer than the host takes", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("sha-256=:AAAA:", false)]
    [InlineData("md5=:1B2M2Y8AsgTpgAmY7PhCfg==:", false)]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", true)]
    public async Task A_batch_that_is_not_the_one_that_was_sent_is_not_applied(string? digest, bool isTransient)
    {
        var run = Guid.NewGuid();
        await DeviceCalls.OpenAsync(Remote, Device, run);
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        using var content = DeviceCalls.Json(JsonSerializer.Serialize(new ChangeBatch { Id = Guid.NewGuid(), RunId = run, Sections = [] }.Sealed(), WireContext.Wire.ChangeBatch));
        if (digest is not null)
            content.Headers.Add(HostLine.DigestHeader, digest);
        var before = await DeviceCalls.StateAsync(Remote);
        using var answer = await client.PostAsync(SyncPaths.Upload, content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("Protocol", isTransient), (problem.GetProperty("code").GetString(), problem.TryGetProperty("transient", out _)));
        Assert.Equal(before, await DeviceCalls.StateAsync(Remote));
    }

    [Fact]
    public async Task A_device_has_few_requests_at_a_time_and_is_told_when_to_come_again()
    {
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        var go = new TaskCompletionSource();
        var arrived = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToList();
        var slow = arrived.Select(a => client.PostAsync(SyncPaths.Advance, new SlowContent(a, go.Task))).ToList();
        await Task.WhenAll(arrived.Select(a => a.Task));
        HttpResponseMessage refused;
        // That a body has been begun does not mean yet that the host has seen it.
        while ((refused = await client.GetAsync(SyncPaths.Position)).StatusCode != HttpStatusCode.TooManyRequests)
            refused.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("Too many requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        refused.Dispose();

        go.SetResult();
        foreach (var answer in await Task.WhenAll(slow))
            answer.Dispose();
        using var free = await client.GetAsync(SyncPaths.Position);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, free.StatusCode);
    }

    [Fact]
    public async Task A_request_of_another_protocol_is_told_so()
    {
        using var client = Remote.Way.Host.Browser();
        client.DefaultRequestHeaders.Add(HostLine.ProtocolHeader, "99");
        using var answer = await client.PostAsync(SyncPaths.Register, DeviceCalls.Json("{}"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("speaks protocol '99', and this host 1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Also where devices ask beside people and programs, who speak none.
        using var device = DeviceCalls.Client(Remote, Device.Key!);
        device.DefaultRequestHeaders.Remove(HostLine.ProtocolHeader);
        foreach (var path in new[] { SyncPaths.Status, "/api/sync/conflicts" })
        {
            using var refused = await device.GetAsync(path);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("speaks no protocol", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    // Longer where somebody wants to look for more: PAYFLOW_FUZZ_SECONDS.
    [Fact]
    public async Task Whatever_is_made_of_a_batch_or_a_token_is_answered_in_words_and_harms_nobody()
    {
        await Shop.ProductsAsync(Remote.Chain, 3);
        var run = Guid.NewGuid();
        var plan = await DeviceCalls.OpenAsync(Remote, Device, run);
        using var client = DeviceCalls.Client(Remote, Device.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var products = plan.Find("products")!;
        var batch = JsonSerializer.SerializeToUtf8Bytes(new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run,
            Sections = [new TableSection { Table = "products", Columns = [.. products.Columns.Select(c => c.Terminal.Name)], Rows = [new RowChange { Key = "p1", Values = [.. products.Columns.Select(_ => CellValue.Of("1"))], Base = [.. products.Columns.Select(_ => CellValue.Null)] }] }],
        }.Sealed(), WireContext.Wire.ChangeBatch);
        var token = Encoding.UTF8.GetBytes(SyncToken.Write(new Dictionary<string, LogPosition> { ["products"] = default }));
        var (sent, until) = (0, TimeProvider.System.GetTimestamp());
        for (; TimeProvider.System.GetElapsedTime(until) < Patience; sent++)
        {
            using var answer = sent % 3 == 0
                ? await client.GetAsync($"{SyncPaths.Download}?limit=1&token={Uri.EscapeDataString(Encoding.Latin1.GetString(Spoilt(token, random)))}")
                : await client.PostAsync(SyncPaths.Upload, DeviceCalls.Digested(Spoilt(batch, random)));
            Assert.True((int)answer.StatusCode is < 500 or 503, $"seed {seed}, request {sent}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.True(sent > 50, $"{sent} requests");
        Assert.Equal(["p2 Product 2", "p3 Product 3"], await Remote.Chain.TextsAsync("SELECT id || ' ' || name FROM products WHERE id IN ('p2', 'p3') ORDER BY 1"));
        Assert.Equal(1L, await Remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.terminals"));
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("PAYFLOW_FUZZ_SECONDS"), out var seconds) ? seconds : 3);

    // Bytes changed, taken out, doubled or put elsewhere; sometimes the end is missing.
    private static byte[] Spoilt(byte[] bytes, Random random)
    {
        var spoilt = bytes.ToList();
        for (var i = random.Next(1, 5); i > 0 && spoilt.Count > 8; i--)
        {
            var (at, length) = (random.Next(spoilt.Count - 4), random.Next(1, 4));
            switch (random.Next(6))
            {
                case 0: spoilt[at] = (byte)random.Next(256); break;
                case 1: spoilt.RemoveRange(at, length); break;
                case 2: spoilt.InsertRange(at, spoilt.GetRange(at, length)); break;
                case 3: spoilt.InsertRange(random.Next(spoilt.Count), spoilt.GetRange(at, length)); break;
                case 4: spoilt.InsertRange(at, Encoding.UTF8.GetBytes(Oddities[random.Next(Oddities.Length)])); break;
                default: spoilt.RemoveRange(at, random.Next(10) == 0 ? spoilt.Count - at : 1); break;
            }
        }
        return [.. spoilt];
    }

    private static readonly string[] Oddities = ["null", "[", "]", "{}", "-1", "1e999", "99999999999999999999", "\"\"", "\"s\\u0000\"", "\"i\"", "\"bAP8\"", "\"l17\"", "\"w//8=\"", "\"n7FF8000000000001\"", "\"rInfinity\"", ",", ":", "true"];

    /// <summary>A body of which the first part is sent at once, and the rest when it may.</summary>
    private sealed class SlowContent(TaskCompletionSource begun, Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{"u8.ToArray());
            await stream.FlushAsync();
            begun.SetResult();
            await rest;
            await stream.WriteAsync("}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2;
            return true;
        }
    }
}
