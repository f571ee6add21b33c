using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Remote;

/// <summary>Reads what a device sent, to its end, before anything is done for it: a slow line keeps nobody waiting but itself.</summary>
internal static class WireBody
{
    /// <summary>What most requests may be long.</summary>
    public const int MaxBytes = 8 << 20;

    /// <param name="context">The request.</param>
    /// <param name="type">What it is to be.</param>
    /// <param name="needsDigest">It must have announced its SHA-256.</param>
    /// <exception cref="SyncException">It is too long, or not understood; what was damaged on its way can be sent again.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, bool needsDigest = false)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? throw new JsonException("It is empty.");
            await ContentDigest.RequireAsync(context, needsDigest);
            return body;
        }
        catch (Exception e) when (e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            throw new SyncException(SyncErrorCode.TooLarge, "The body is longer than the host takes", "Send fewer rows at once: SYNC_BATCH_SIZE.", e);
        }
        // Packed badly, cut off, no JSON, or JSON of another shape; a key that is no number of its range comes as a FormatException.
        catch (Exception e) when (e is JsonException or InvalidDataException or NotSupportedException or FormatException or InvalidOperationException)
        {
            throw new SyncException(SyncErrorCode.Protocol, $"The body is not understood: {e.Message.ReplaceLineEndings(" ")}", "If it was damaged on its way it is sent again by itself; docs/protocol.md describes it.", e) { IsTransient = true };
        }
    }
}
