namespace PayFlow.Sync.Engine.Tables;

/// <summary>One table of either side as the database describes it.</summary>
public sealed record TableSchema
{
    /// <summary>SQLite: the table. PostgreSQL: the bare table name.</summary>
    public required string Name { get; init; }

    /// <summary>PostgreSQL only: the schema the table was found in.</summary>
    public string? Schema { get; init; }

    /// <summary>PostgreSQL only: its oid.</summary>
    public uint Oid { get; init; }

    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>Primary key columns in key order; where there is no primary key, the first unique index over NOT NULL columns; empty when there is neither.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    public IReadOnlyList<ForeignKeySchema> ForeignKeys { get; init; } = [];

    public IReadOnlyList<IndexSchema> Indexes { get; init; } = [];

    /// <summary>SQLite only: declared WITHOUT ROWID.</summary>
    public bool WithoutRowid { get; init; }

    /// <summary>The POS program's or the chain's own row triggers, PayFlow's not counted.</summary>
    public bool HasUserTriggers { get; init; }

    /// <summary>SQLite only: AUTOINCREMENT.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>The column of that name without regard to case, an exact spelling preferred; null when there is none.</summary>
    public ColumnSchema? Find(string column) =>
        Columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.Ordinal))
        ?? Columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.OrdinalIgnoreCase));
}
