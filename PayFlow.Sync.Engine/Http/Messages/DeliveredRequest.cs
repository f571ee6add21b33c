using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/delivered</c>: decisions that the terminal has taken over.</summary>
public sealed record DeliveredRequest([property: JsonRequired] IReadOnlyList<long> Conflicts);
