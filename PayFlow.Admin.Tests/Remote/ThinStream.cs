namespace PayFlow.Admin.Tests.Remote;

/// <summary>An answer as it arrives over a thin line: so many bytes a second.</summary>
internal sealed class ThinStream(Stream inner, int width) : Stream
{
    private const int SlicesPerSecond = 20;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static async Task<HttpContent> WrapAsync(HttpContent content, int width, CancellationToken cancellationToken)
    {
        var thin = new StreamContent(new ThinStream(await content.ReadAsStreamAsync(cancellationToken), width));
        thin.Headers.ContentType = content.Headers.ContentType;
        return thin;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var slice = Math.Max(1, width / SlicesPerSecond);
        var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, slice)], cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds((double)read / width), cancellationToken);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
