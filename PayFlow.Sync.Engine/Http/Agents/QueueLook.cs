namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>The queue at one moment.</summary>
/// <param name="Waiting">What waits, by priority.</param>
/// <param name="Fresh">Entries that no run has met yet.</param>
/// <param name="Newest">When the newest of them was made or changed; an instant as text.</param>
/// <param name="Pressing">The most pressing priority among those that are newer than the look before; null when none is.</param>
internal sealed record QueueLook(IReadOnlyList<WaitingRows> Waiting, long Fresh, string Newest, int? Pressing);
