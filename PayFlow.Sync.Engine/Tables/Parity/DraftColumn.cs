namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>A column about to be created.</summary>
internal sealed record DraftColumn
{
    /// <summary>Its name on the side where it is created.</summary>
    public required string Name { get; init; }

    /// <summary>The other side's column; null for the key that central gives to a linked table.</summary>
    public required ColumnSchema? Source { get; init; }

    public required string Type { get; init; }

    public bool NotNull { get; init; }

    /// <summary>The translated default expression; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Central: the number at which an identity column starts; null for an ordinary column.</summary>
    public long? IdentityFrom { get; init; }
}
