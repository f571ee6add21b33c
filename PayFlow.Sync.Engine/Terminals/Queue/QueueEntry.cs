using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>One open entry of the queue together with its row as it is now.</summary>
/// <param name="Key">The row's key as text.</param>
/// <param name="Base">The last agreed state in the plan's columns; null for a row that central never had.</param>
/// <param name="Values">The row; null when it is gone.</param>
/// <param name="ServerKey">Linked tables: <c>server_id</c>, where known.</param>
/// <param name="Attempts">How often it was refused so far.</param>
/// <param name="IsConflict">Central has an open conflict of this row, which a newer change joins.</param>
internal sealed record QueueEntry(string Key, CellValue[]? Base, CellValue[]? Values, string? ServerKey, int Attempts, bool IsConflict)
{
    /// <summary>Central need not hear of it: never sent and gone again, or as both sides agreed on it. An open conflict has to be closed there.</summary>
    public bool IsNothing => !IsConflict && (Values is null ? Base is null : Base is not null && Values.AsSpan().SequenceEqual(Base));
}
