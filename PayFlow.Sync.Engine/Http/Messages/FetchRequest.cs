using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/fetch</c>: the rows of these keys as they are now.</summary>
public sealed record FetchRequest([property: JsonRequired] string Table, [property: JsonRequired] IReadOnlyList<string> Keys);
