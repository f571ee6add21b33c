namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How a terminal's timestamp column is read, whatever it holds.</summary>
internal static class StampedPullSql
{
    /// <summary>Texts as they are, numbers as seconds or milliseconds since 1970.</summary>
    public static string Instant(string column) =>
        $"CASE WHEN typeof({column}) IN ('integer', 'real') THEN datetime({column} / CASE WHEN abs({column}) > 100000000000 THEN 1000.0 ELSE 1.0 END, 'unixepoch', 'subsec') ELSE datetime({column}, 'subsec') END";
}
