using System.Net;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A body that is sent piece by piece and says so: on a thin line a batch may take longer than a line may be silent.</summary>
internal sealed class PiecedContent(byte[] bytes) : HttpContent
{
    private const int Piece = 16 << 10;

    /// <summary>Told each time that a piece is on its way.</summary>
    public Action? Sent { get; set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var at = 0; at < bytes.Length; at += Piece)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)), cancellationToken);
            Sent?.Invoke();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
