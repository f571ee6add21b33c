namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>One column of a settings table. <paramref name="Type"/> is <c>format_type</c>, <paramref name="BaseType"/> its name in <c>pg_type</c>, <paramref name="Length"/> that of a varchar(n).</summary>
internal sealed record SettingsColumn(string Name, string Type, string BaseType, int? Length, bool IsRequired, bool IsSoleUniqueKey)
{
    public bool IsText => BaseType is "text" or "varchar" or "bpchar" or "citext";

    /// <summary>char(n) is left out: its blanks at the end would make another key of it.</summary>
    public bool IsKey => IsText && BaseType != "bpchar";

    public bool IsJson => BaseType is "json" or "jsonb";

    public bool IsInstant => BaseType is "timestamp" or "timestamptz" or "date";

    /// <summary>Holds a uuid in its text form, 36 characters.</summary>
    public bool HoldsUuid => BaseType == "uuid" || (IsText && (Length is null || Length >= 36));
}
