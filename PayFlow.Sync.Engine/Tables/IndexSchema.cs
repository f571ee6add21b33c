namespace PayFlow.Sync.Engine.Tables;

/// <summary>An index other than the primary key's. <paramref name="IsPlain"/> is false for partial, expression or special-method indexes, which are neither copied nor relied on.</summary>
public sealed record IndexSchema(string Name, IReadOnlyList<string> Columns, bool IsUnique, bool IsPlain = true);
