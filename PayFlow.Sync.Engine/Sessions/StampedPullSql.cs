using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How a terminal's timestamp column is read, whatever it holds.</summary>
internal static class StampedPullSql
{
    /// <summary>Reading begins that much before the last place.</summary>
    public const string Overlap = "-120 seconds";

    /// <summary>Texts as they are, numbers as seconds or milliseconds since 1970.</summary>
    public static string Instant(string column) =>
        $"CASE WHEN typeof({column}) IN ('integer', 'real') THEN datetime({column} / CASE WHEN abs({column}) > 100000000000 THEN 1000.0 ELSE 1.0 END, 'unixepoch', 'subsec') ELSE datetime({column}, 'subsec') END";

    /// <summary>The condition that the row <c>t</c> does not stand as the engine left it.</summary>
    public static string IsNoEcho(TablePlan table) =>
        $"NOT EXISTS (SELECT 1 FROM payflow_echo e WHERE e.table_name = {SqliteName.Literal(table.Name)} AND e.key = {KeySql.Text(table, "t")} AND e.stamp = {Column(table)})";

    /// <summary>The condition that the next reading would send the row <c>t</c>.</summary>
    public static string IsUnread(TablePlan table) => $"""
        {Instant(Column(table))} > coalesce((SELECT datetime(s.pull_stamp, '{Overlap}', 'subsec') FROM payflow_tables s WHERE s.name = {SqliteName.Literal(table.Name)}), '') AND {IsNoEcho(table)}
        """;

    private static string Column(TablePlan table) => "t." + SqliteName.Quote(table.TerminalTimestamp!.Name);
}
