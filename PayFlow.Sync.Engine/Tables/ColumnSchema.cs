namespace PayFlow.Sync.Engine.Tables;

/// <summary>One column of either side as the database describes it.</summary>
public sealed record ColumnSchema
{
    public required string Name { get; init; }

    /// <summary>SQLite: the declared type, possibly empty. PostgreSQL: <c>format_type</c>, such as <c>numeric(15,4)</c>.</summary>
    public required string Type { get; init; }

    public bool NotNull { get; init; }

    /// <summary>The default expression as SQL of its own side; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Computed by the database: read, never written.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>SQLite: an INTEGER PRIMARY KEY (the rowid). PostgreSQL: an identity column or one whose default is a <c>nextval</c>.</summary>
    public bool IsAutoNumber { get; init; }

    /// <summary>PostgreSQL only.</summary>
    public LogicalType Logical { get; init; } = LogicalType.Other;

    /// <summary>PostgreSQL only: the base type's name in <c>pg_type</c> (<c>int4</c>, <c>numeric</c>, <c>money</c>, <c>_text</c>), with domains resolved.</summary>
    public string BaseType { get; init; } = string.Empty;

    /// <summary>PostgreSQL only: the type is a domain.</summary>
    public bool IsDomain { get; init; }

    /// <summary>PostgreSQL only: <c>atttypmod</c>, -1 for none (of a domain: the domain's).</summary>
    public int TypeModifier { get; init; } = -1;

    /// <summary>PostgreSQL: the column's collation is not deterministic, or its type compares case-insensitively. SQLite: declared <c>COLLATE NOCASE</c>.</summary>
    public bool IsCaseInsensitive { get; init; }

    /// <summary>SQLite only: how the values that are there hold instants, from a small sample; means something only where central's column is a date or a time.</summary>
    public InstantStyle InstantStyle { get; init; }
}
