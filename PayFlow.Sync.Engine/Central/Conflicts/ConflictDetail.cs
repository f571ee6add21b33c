using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A conflict with everything that a decision needs. Images go by the terminal's column names; null where that side has no such row.</summary>
public sealed record ConflictDetail : Conflict
{
    /// <summary>What both sides last agreed on.</summary>
    public IReadOnlyDictionary<string, CellValue>? Base { get; init; }

    /// <summary>The terminal's row.</summary>
    public IReadOnlyDictionary<string, CellValue>? TerminalRow { get; init; }

    /// <summary>Central's row as the conflict was found; <c>unique</c>: the row that has the value.</summary>
    public IReadOnlyDictionary<string, CellValue>? CentralRow { get; init; }

    /// <summary>Central's row as it is now; see <see cref="NowUnknown"/>.</summary>
    public IReadOnlyDictionary<string, CellValue>? NowRow { get; init; }

    /// <summary>Why <see cref="NowRow"/> could not be read; null when it could.</summary>
    public string? NowUnknown { get; init; }

    /// <summary>The table's columns as they are now, in the terminal's order; none when <see cref="NowUnknown"/> says why.</summary>
    public IReadOnlyList<RowColumn> Columns { get; init; } = [];

    /// <summary>What was decided; null while it is open, and for a row that was to go.</summary>
    public IReadOnlyDictionary<string, CellValue>? Resolved { get; init; }

    /// <summary>What happened to the row, the latest first.</summary>
    public IReadOnlyList<ConflictEvent> History { get; init; } = [];

    /// <summary>Columns in which central's row is no longer what it was when the conflict was recorded.</summary>
    public IReadOnlyList<string> MovedFields => NowUnknown is not null || State == ConflictState.Resolved ? []
        : NowRow is null || CentralRow is null ? NowRow is null == CentralRow is null ? [] : [.. (NowRow ?? CentralRow)!.Keys]
        : [.. NowRow.Where(n => CentralRow.TryGetValue(n.Key, out var was) && was != n.Value).Select(n => n.Key)];
}
