using System.Text.Json;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>One request as it arrived.</summary>
internal sealed record ReceivedCall(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Type => Json.GetProperty("type").GetString();

    public JsonElement Data => Json.GetProperty("data");
}
