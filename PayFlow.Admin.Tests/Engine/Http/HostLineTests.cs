using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Http;

/// <summary>The line to a host, when it is a bad one.</summary>
public sealed class HostLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"position\":")]
    [InlineData("HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: 100\r\n\r\n{\"code\":")]
    public async Task A_line_that_dies_without_a_word_is_given_up_wherever_it_is(string beginning)
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        using var line = new HostLine(new Uri($"http://{host.LocalEndpoint}"), "key") { Patience = TimeSpan.FromMilliseconds(300) };
        var asked = line.GetAsync(SyncPaths.Position, Guid.NewGuid(), WireContext.Wire.PositionAnswer, CancellationToken.None);
        using var till = await host.AcceptTcpClientAsync();
        await till.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(beginning));

        var failed = await Assert.ThrowsAsync<SyncException>(() => asked.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal((SyncErrorCode.CentralUnavailable, true), (failed.Code, failed.IsTransient));
        Assert.Contains("did not answer in time", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("403 Forbidden", SyncErrorCode.Protocol)]
    [InlineData("401 Unauthorized", SyncErrorCode.Protocol)]
    [InlineData("403 Forbidden\r\nContent-Type: application/problem+json", SyncErrorCode.NotPermitted)]
    public async Task Only_the_hosts_own_word_ends_a_till_and_not_that_of_a_firewall(string status, SyncErrorCode code)
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        using var line = new HostLine(new Uri($"http://{host.LocalEndpoint}"), "key");
        var asked = line.GetAsync(SyncPaths.Position, Guid.NewGuid(), WireContext.Wire.PositionAnswer, CancellationToken.None);
        using var till = await host.AcceptTcpClientAsync();
        const string Body = """{"code":"NotPermitted","detail":"Blocked","hint":"Ask."}""";
        await till.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));

        var failed = await Assert.ThrowsAsync<SyncException>(() => asked);
        Assert.Equal((code, false), (failed.Code, failed.IsTransient));
        Assert.NotNull(failed.Hint);
    }

    [Fact]
    public async Task A_batch_may_take_longer_on_its_way_up_than_a_line_may_be_silent()
    {
        var thin = new ThinLine();
        using var line = thin.Open();
        // What cannot be packed to less than half.
        var keys = Enumerable.Range(0, 30).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(16 << 10))).ToList();
        var answer = await line.PostAsync(SyncPaths.Fetch, Guid.NewGuid(), new FetchRequest("orders", keys), WireContext.Wire.FetchRequest, WireContext.Wire.PositionAnswer, CancellationToken.None);
        Assert.Equal("1/2/3", answer.Position.ToString());
        Assert.True(thin.Took > 10 * line.Patience, $"It took {thin.Took}.");
    }

    [Fact]
    public async Task A_thin_line_may_take_longer_than_that_as_long_as_something_comes()
    {
        var thin = new ThinLine();
        using var line = thin.Open();
        var answer = await line.GetAsync(SyncPaths.Position, Guid.NewGuid(), WireContext.Wire.PositionAnswer, CancellationToken.None);
        Assert.Equal("1/2/3", answer.Position.ToString());
        Assert.True(thin.Took > 10 * line.Patience, $"It took {thin.Took}.");
    }

    /// <summary>A line on which each piece of a body takes almost as long as a line may be silent, by a clock of its own.</summary>
    private sealed class ThinLine : HttpMessageHandler
    {
        private readonly ManualTime _time = new();

        public TimeSpan Took => _time.GetUtcNow() - DateTimeOffset.UnixEpoch;

        public HostLine Open() => new(new Uri("http://till.example"), "key", this) { Time = _time };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await using var slow = new SlowStream([], Wait);
            if (request.Content is { } body)
                await body.CopyToAsync(slow, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new SlowStream("""{"position":"1/2/3"}"""u8.ToArray(), Wait), 1) };
        }

        private void Wait() => _time.Advance(TimeSpan.FromMinutes(4.5));
    }

    private sealed class SlowStream(byte[] content, Action wait) : MemoryStream(content)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            wait();
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.CompletedTask;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            wait();
            cancellationToken.ThrowIfCancellationRequested();
            return base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
