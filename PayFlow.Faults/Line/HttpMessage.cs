using System.Globalization;
using System.Text;

namespace PayFlow.Faults.Line;

/// <summary>A request or an answer of HTTP/1.1 as it is on the line: its head through the empty line, and its body with whatever frames it.</summary>
internal sealed record HttpMessage(byte[] Head, byte[] Body)
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] EndOfLine = "\r\n"u8.ToArray();

    private string[] Lines => Encoding.Latin1.GetString(Head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    public byte[] Bytes => [.. Head, .. Body];

    /// <summary>The bytes of its first line.</summary>
    public int FirstLineLength => Head.AsSpan().IndexOf(EndOfLine);

    /// <summary>A request's address, without what follows a question mark.</summary>
    public string Path => Lines[0].Split(' ')[1].Split('?')[0];

    /// <summary>The last word of the address: <c>upload</c>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>An answer's.</summary>
    public int Status => int.Parse(Lines[0].Split(' ')[1], CultureInfo.InvariantCulture);

    private bool IsChunked => Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The body without its frame; packed, if it is.</summary>
    public byte[] Content => IsChunked ? Unframed() : Body;

    public string? Header(string name) =>
        Lines.Skip(1).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    /// <summary>The same with another header in the place of the one of this name.</summary>
    public HttpMessage With(string name, string? value)
    {
        var lines = Lines.Where((l, i) => i == 0 || !l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).ToList();
        if (value is not null)
            lines.Add($"{name}: {value}");
        return this with { Head = Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n") };
    }

    /// <summary>The same with another body, and a length that fits it: nothing on the line shows that it is not the sender's.</summary>
    public HttpMessage WithContent(byte[] content) =>
        With("Transfer-Encoding", null).With("Content-Length", content.Length.ToString(CultureInfo.InvariantCulture)) with { Body = content };

    /// <returns>Null when the connection ended before the message did.</returns>
    public static async Task<HttpMessage?> ReadAsync(LineReader reader, bool isAnswer)
    {
        if (await reader.ThroughAsync(EndOfHead) is not { } head)
            return null;
        var message = new HttpMessage(head, []);
        if (message.IsChunked)
            return await ReadChunksAsync(reader) is { } chunks ? message with { Body = chunks } : null;
        if (message.Header("Content-Length") is { } length)
            return await reader.ExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture)) is { } body ? message with { Body = body } : null;
        // What has no length ends with the connection, unless it can have no body.
        return isAnswer && message.Status is not (204 or 304) ? message with { Body = await reader.ToEndAsync() } : message;
    }

    private static async Task<byte[]?> ReadChunksAsync(LineReader reader)
    {
        var chunks = new List<byte>();
        while (await reader.ThroughAsync(EndOfLine) is { } size)
        {
            var length = LengthOf(size);
            if (await reader.ExactlyAsync(length + EndOfLine.Length) is not { } chunk)
                return null;
            chunks.AddRange([.. size, .. chunk]);
            if (length == 0)
                return [.. chunks];
        }
        return null;
    }

    private static int LengthOf(ReadOnlySpan<byte> size) => int.Parse(Encoding.ASCII.GetString(size).Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private byte[] Unframed()
    {
        var content = new List<byte>();
        for (var rest = Body.AsSpan(); ;)
        {
            var end = rest.IndexOf(EndOfLine);
            var length = LengthOf(rest[..end]);
            if (length == 0)
                return [.. content];
            rest = rest[(end + EndOfLine.Length)..];
            content.AddRange(rest[..length]);
            rest = rest[(length + EndOfLine.Length)..];
        }
    }
}
