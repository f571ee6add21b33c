using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>What became of one uploaded row, where there is more to say than "applied as sent".</summary>
public sealed record RowOutcome
{
    /// <summary>The row's key in the terminal.</summary>
    public required string Key { get; init; }

    public required RowStatus Status { get; init; }

    /// <summary>Failed: the reason in words. Waits: the row waited for, as <c>orders/17</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Failed: the terminal's column that is to blame, where one is.</summary>
    public string? Column { get; init; }

    /// <summary>True when it may well work later in the same run, after other rows have moved (a unique value still taken).</summary>
    public bool RetrySoon { get; init; }

    /// <summary>Failed before it was sent: no further attempt would end otherwise.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; }

    /// <summary>Conflict: the terminal's columns that wait for the decision; both sides agree on the others, as <see cref="Central"/> has them. Null: the whole row waits.</summary>
    public IReadOnlyList<string>? Open { get; init; }

    /// <summary>Central's values, where they are not what was sent; the terminal takes them over.</summary>
    public CellValue[]? Central { get; init; }

    /// <summary>Central has deleted the row; the terminal deletes it, too.</summary>
    public bool CentralDeleted { get; init; }

    /// <summary>Applied: the terminal has given its row up, and asks for central's.</summary>
    public bool Reread { get; init; }

    /// <summary>Linked tables: central's key for the row.</summary>
    public string? ServerKey { get; init; }
}
