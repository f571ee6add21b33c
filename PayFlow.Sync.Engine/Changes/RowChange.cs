using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>One row's change on its way to central. Arrays follow the section's columns.</summary>
public sealed record RowChange
{
    /// <summary>The row's key in the terminal, as text (<see cref="RowKey"/>).</summary>
    public required string Key { get; init; }

    /// <summary>Linked tables: central's key as the terminal knows it (<c>server_id</c>); null when it knows none.</summary>
    public string? ServerKey { get; init; }

    /// <summary>The row as it is now; null when it was deleted.</summary>
    public CellValue[]? Values { get; init; }

    /// <summary>The last state both sides agreed on; null when there was none, or when nobody knows it.</summary>
    public CellValue[]? Base { get; init; }

    /// <summary>How often central has refused it already; of a row with an open conflict: at least once.</summary>
    public int Attempts { get; init; }

    public bool IsDelete => Values is null;

    /// <summary>A row that central never had is gone again, but its conflict is open there: it is to be closed.</summary>
    [JsonIgnore]
    public bool IsWithdrawn => Values is null && Base is null;
}
