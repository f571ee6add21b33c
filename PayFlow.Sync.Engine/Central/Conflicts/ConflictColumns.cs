using Npgsql;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>The columns of <c>payflow.conflicts</c> as every reader of this room selects them.</summary>
internal static class ConflictColumns
{
    public const string Summary = """
        c.id, c.version, c.terminal_id, c.table_name, c.key, c.local_key, c.other_key, c.kind, c.policy, c.state, c.fields,
        c.detected_at, c.updated_at, c.resolution, c.resolved_at, c.resolved_by, c.reason, c.delivered_at
        """;

    public const string Detail = $"{Summary}, c.base::text, c.terminal::text, c.central::text, c.resolved::text";

    public static ConflictDetail ReadDetail(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Version = row.GetInt32(1),
        Terminal = row.GetString(2),
        Table = row.GetString(3),
        Key = Text(row, 4),
        LocalKey = Text(row, 5),
        OtherKey = Text(row, 6),
        Kind = row.GetString(7),
        Policy = row.GetString(8),
        State = State(row),
        Fields = row.GetFieldValue<string[]>(10),
        DetectedAt = row.GetFieldValue<DateTimeOffset>(11),
        UpdatedAt = Instant(row, 12),
        Resolution = Text(row, 13),
        ResolvedAt = Instant(row, 14),
        ResolvedBy = Text(row, 15),
        Reason = Text(row, 16),
        DeliveredAt = Instant(row, 17),
        Base = ConflictImage.Read(Text(row, 18)),
        TerminalRow = ConflictImage.Read(Text(row, 19)),
        CentralRow = ConflictImage.Read(Text(row, 20)),
        Resolved = ConflictImage.Read(Text(row, 21)),
    };

    public static Conflict ReadSummary(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Version = row.GetInt32(1),
        Terminal = row.GetString(2),
        Table = row.GetString(3),
        Key = Text(row, 4),
        LocalKey = Text(row, 5),
        OtherKey = Text(row, 6),
        Kind = row.GetString(7),
        Policy = row.GetString(8),
        State = State(row),
        Fields = row.GetFieldValue<string[]>(10),
        DetectedAt = row.GetFieldValue<DateTimeOffset>(11),
        UpdatedAt = Instant(row, 12),
        Resolution = Text(row, 13),
        ResolvedAt = Instant(row, 14),
        ResolvedBy = Text(row, 15),
        Reason = Text(row, 16),
        DeliveredAt = Instant(row, 17),
    };

    private static ConflictState State(NpgsqlDataReader row) => row.GetString(9) == "OPEN" ? ConflictState.Open : ConflictState.Resolved;

    private static string? Text(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetFieldValue<DateTimeOffset>(ordinal);
}
