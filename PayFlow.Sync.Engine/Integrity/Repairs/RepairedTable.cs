namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>What a repair did in one table.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Written">Rows inserted or changed.</param>
/// <param name="Removed">Rows deleted.</param>
/// <param name="Settled">Rows that had come into step by themselves, or whose change was on its way by then.</param>
/// <param name="Refused">Rows that the other side did not take.</param>
public sealed record RepairedTable(string Table, long Written, long Removed, long Settled, long Refused);
