using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>One row, its values in central's types.</summary>
internal sealed record StagedRow(RowChange Change, PgCell ServerKey, PgCell[] New, PgCell[]? Base)
{
    /// <summary>Central's scale or precision makes something else of a value than was sent.</summary>
    public bool IsAltered { get; init; }

    public bool WithBase => Base is not null;
}
