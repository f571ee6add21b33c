namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>The kinds as <c>payflow.conflicts.kind</c> spells them: what the terminal did, then what central did.</summary>
public static class ConflictKind
{
    public const string UpdateUpdate = "update-update";

    /// <summary>The terminal changed a row that central deleted.</summary>
    public const string UpdateDelete = "update-delete";

    /// <summary>The terminal deleted a row that central changed.</summary>
    public const string DeleteUpdate = "delete-update";

    /// <summary>Both made a row under one key.</summary>
    public const string InsertInsert = "insert-insert";

    /// <summary>The terminal's new row has a value that another row of central has.</summary>
    public const string Unique = "unique";

    public static IReadOnlyList<string> All { get; } = [UpdateUpdate, UpdateDelete, DeleteUpdate, InsertInsert, Unique];
}
