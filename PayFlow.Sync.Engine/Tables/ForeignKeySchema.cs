namespace PayFlow.Sync.Engine.Tables;

/// <summary>A foreign key. <paramref name="ParentColumns"/> are resolved to the parent's primary key where the declaration names none.</summary>
public sealed record ForeignKeySchema(
    string? Name,
    IReadOnlyList<string> Columns,
    string ParentTable,
    IReadOnlyList<string> ParentColumns,
    string OnDelete = "NO ACTION",
    string OnUpdate = "NO ACTION",
    bool IsDeferrable = false);
