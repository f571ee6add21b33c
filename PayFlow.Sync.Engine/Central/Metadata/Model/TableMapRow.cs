namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.table_map</c>: one entry of the table map.</summary>
public sealed class TableMapRow
{
    public required string Name { get; set; }

    /// <summary>Position in the map.</summary>
    public int Ordinal { get; set; }

    /// <summary>The entry as JSON.</summary>
    public required string Entry { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
