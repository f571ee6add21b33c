using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>One central row on its way down.</summary>
/// <param name="Key">Central's key as text.</param>
/// <param name="Values">The plan's columns, neutral; null when the row is gone or is none of this terminal's business (its filter).</param>
public readonly record struct DownloadedRow(string Key, CellValue[]? Values)
{
    /// <summary>In a stream: the checksum of all its rows up to this one, so that none can be damaged, missing or in another's place.</summary>
    public ulong Checksum { get; init; }

    /// <summary>In a stream that arrives piece by piece: the last row of a piece behind which more is to be asked for.</summary>
    public bool EndsPiece { get; init; }
}
