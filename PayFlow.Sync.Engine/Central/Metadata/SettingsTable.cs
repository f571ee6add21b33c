namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>The chain's table of settings as it was found or created: which columns hold key and value, and what else a new row needs.</summary>
internal sealed record SettingsTable
{
    /// <summary>Environment variable that names another table, <c>schema.table</c> or <c>table</c>.</summary>
    public const string Variable = "PAYFLOW_SETTINGS_TABLE";

    public const string DefaultName = "system_settings";

    /// <summary>Schema and table, quoted.</summary>
    public required string QuotedName { get; init; }

    public required SettingsColumn Key { get; init; }

    public required SettingsColumn Value { get; init; }

    /// <summary>NOT NULL columns without a default, and the SQL expression that fills them.</summary>
    public required IReadOnlyDictionary<string, string> Filled { get; init; }

    /// <summary>The column that says when a setting was written last, and its SQL expression; null where there is none.</summary>
    public KeyValuePair<string, string>? Touched { get; init; }

    /// <summary>Decides from the columns whether the table can be used as it is.</summary>
    /// <exception cref="SyncException">It cannot.</exception>
    public static SettingsTable Adopt(string quotedName, IReadOnlyList<SettingsColumn> columns)
    {
        var (key, value) = Pair(columns, "setting_key", "setting_value") ?? Pair(columns, "key", "value")
            ?? throw Refused(quotedName, columns, "neither (setting_key, setting_value) nor (key, value) of text, the value also of json, are among");
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in columns.Where(c => c.IsRequired && c != key && c != value))
            filled[column.Name] = Filler(column) ?? throw Refused(quotedName, columns, $"column {column.Name} is NOT NULL without a default and of no known meaning among");
        var touched = columns.FirstOrDefault(c => c is { Name: "updated_at", IsInstant: true });
        return new SettingsTable
        {
            QuotedName = quotedName,
            Key = key,
            Value = value,
            Filled = filled,
            Touched = touched is null ? null : new(touched.Name, Now(touched)),
        };
    }

    private static (SettingsColumn Key, SettingsColumn Value)? Pair(IReadOnlyList<SettingsColumn> columns, string keyName, string valueName) =>
        columns.FirstOrDefault(c => c.Name == keyName) is { IsKey: true } key
        && columns.FirstOrDefault(c => c.Name == valueName) is { } value && (value.IsText || value.IsJson)
            ? (key, value)
            : null;

    private static string? Filler(SettingsColumn column) => column switch
    {
        { Name: "id", HoldsUuid: true } => column.BaseType == "uuid" ? "gen_random_uuid()" : "gen_random_uuid()::text",
        { Name: "created_at" or "updated_at", IsInstant: true } => Now(column),
        _ => null,
    };

    /// <summary>A timestamp without time zone holds UTC, as everything here does, whatever the session's time zone.</summary>
    private static string Now(SettingsColumn column) => column.BaseType == "timestamptz" ? "now()" : "(now() AT TIME ZONE 'UTC')";

    private static SyncException Refused(string quotedName, IReadOnlyList<SettingsColumn> columns, string reason) =>
        new(
            SyncErrorCode.InvalidConfiguration,
            $"table {quotedName} cannot keep PayFlow's checkpoints: {reason} its columns {string.Join(", ", columns.Select(Describe))}",
            $"Set {Variable} to the name of another table, such as payflow.system_settings; it is created if absent.")
        { Table = quotedName };

    private static string Describe(SettingsColumn column) => $"{column.Name} {column.Type}{(column.IsRequired ? " NOT NULL" : string.Empty)}";
}
