using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>What a conflict's record shows. Images are in the order of <see cref="StagedTable.Columns"/>.</summary>
internal sealed record ConflictImages
{
    /// <summary>Central's key; null for a row that central does not have and that is to get a key of its own.</summary>
    public required string? Key { get; init; }

    public required string LocalKey { get; init; }

    /// <summary>What both sides last agreed on.</summary>
    public CellValue[]? Base { get; init; }

    /// <summary>The terminal's row; null when it deleted it.</summary>
    public CellValue[]? Terminal { get; init; }

    /// <summary>Central's row; of a <c>unique</c> conflict: the one that has the value.</summary>
    public CellValue[]? Central { get; init; }

    /// <summary>Of a <c>unique</c> conflict: the key of central's row that has the value.</summary>
    public string? OtherKey { get; init; }

    /// <summary>Terminal columns that add up: they are no part of it.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];
}
