using System.Net.Sockets;

namespace PayFlow.Faults.Line;

/// <summary>One request of a till that has arrived at the line's middle, whole, and everything that can be done with it there.</summary>
internal sealed class LineExchange(FaultyLine line, HttpMessage request, TcpClient till)
{
    /// <summary>A till that was never answered gives up long before.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    public HttpMessage Request => request;

    public FaultyLine Line => line;

    /// <summary>The till's connection is to be closed after this.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What a good line does.</summary>
    public async Task PassAsync() => await AnswerAsync(await line.SendAsync(request));

    /// <summary>Gives the till an answer, or its first bytes, after which nothing comes any more.</summary>
    public async Task AnswerAsync(HttpMessage answer, int? bytes = null)
    {
        var all = answer.Bytes;
        await till.GetStream().WriteAsync(all.AsMemory(0, bytes ?? all.Length));
        if (bytes < all.Length || string.Equals(answer.Header("Connection"), "close", StringComparison.OrdinalIgnoreCase))
            IsCut = true;
    }

    /// <summary>Gives the till an answer with a pause in it.</summary>
    public async Task AnswerInTwoAsync(HttpMessage answer, int bytes, int pauseMilliseconds)
    {
        var all = answer.Bytes;
        await till.GetStream().WriteAsync(all.AsMemory(0, bytes));
        await Task.Delay(pauseMilliseconds);
        await till.GetStream().WriteAsync(all.AsMemory(bytes));
    }

    /// <summary>Ends the till's connection: politely, or as a router does that has forgotten it.</summary>
    public void Cut(bool isRude)
    {
        IsCut = true;
        if (isRude)
            till.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    /// <summary>Says nothing until the till gives up.</summary>
    public async Task KeepSilentAsync()
    {
        IsCut = true;
        using var limit = new CancellationTokenSource(LongestSilence);
        try
        {
            // A till sends nothing while it waits for an answer: what comes is its end.
            await till.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It gave up.
        }
    }
}
