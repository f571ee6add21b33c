using System.Security.Cryptography;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote;

/// <summary>
/// The SHA-256 of a body as it was sent, in <c>Content-Digest</c> (RFC 9530). It is taken while the body is read and compared before anything is done for it: what was changed on its way by something that kept its form is not applied.
/// </summary>
internal sealed class ContentDigest : IDisposable
{
    private const string Prefix = HostLine.DigestAlgorithm + "=:";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _announced;
    private readonly Stream _body;

    private ContentDigest(Stream body, byte[] announced)
    {
        _announced = announced;
        _body = new HashingStream(body, _hash);
    }

    public static async Task UseAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[HostLine.DigestHeader] is not [{ } header])
        {
            await next(context);
            return;
        }
        using var digest = new ContentDigest(context.Request.Body, Read(header));
        context.Request.Body = digest._body;
        context.Features.Set(digest);
        await next(context);
    }

    /// <summary>Compares, when the body has been read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isRequired">A request that announces nothing is refused.</param>
    /// <exception cref="SyncException">It is not what was announced; it may be sent again.</exception>
    public static async Task RequireAsync(HttpContext context, bool isRequired)
    {
        if (context.Features.Get<ContentDigest>() is not { } digest)
        {
            if (isRequired)
                throw new SyncException(SyncErrorCode.Protocol, $"The request has no {HostLine.DigestHeader}", $"Send the SHA-256 of the body as it is sent: {HostLine.DigestHeader}: {Prefix}BASE64:");
            return;
        }
        // Behind what was packed there may be more; it belongs to the body.
        await digest._body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (!CryptographicOperations.FixedTimeEquals(digest._hash.GetCurrentHash(), digest._announced))
            throw new SyncException(SyncErrorCode.Protocol, "The body is not the one whose SHA-256 was announced", "It was damaged on its way, and is sent again by itself.") { IsTransient = true };
    }

    public void Dispose() => _hash.Dispose();

    // "sha-256=:base64:", perhaps among others.
    private static byte[] Read(string header)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && part.EndsWith(':') && part.Length > Prefix.Length
                && Convert.TryFromBase64String(part[Prefix.Length..^1], hash, out var length) && length == hash.Length)
                return hash;
        }
        throw new SyncException(SyncErrorCode.Protocol, $"{HostLine.DigestHeader} does not hold a SHA-256", $"Send it as {HostLine.DigestHeader}: {Prefix}BASE64:");
    }

    /// <summary>Takes note of what is read through it.</summary>
    private sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..count]);
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            hash.AppendData(buffer, offset, read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
