using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Remembers the timestamps of rows of one table as the engine left them, so that the reading by timestamp passes them over; <c>payflow_echo</c>.</summary>
internal sealed class EchoList(SqliteDatabase database, TablePlan table)
{
    /// <summary>Captured by timestamp: the engine's own writing carries one, too, and is not to be sent back.</summary>
    public bool IsKept { get; } = table is { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp };

    /// <summary>Remembers the row with that own key.</summary>
    public void Keep(string key) => KeepWhere(KeySql.Matches(table, "t", "?2"), key);

    /// <summary>Remembers the row <c>t</c> for which <paramref name="where"/> holds; its key is <c>?2</c>.</summary>
    public void KeepWhere(string where, string key) => database.Prepare($"""
        INSERT INTO payflow_echo (table_name, key, stamp) SELECT ?1, {KeySql.Text(table, "t")}, t.{SqliteName.Quote(table.TerminalTimestamp!.Name)} FROM {SqliteName.Quote(table.Name)} t WHERE {where}
        ON CONFLICT (table_name, key) DO UPDATE SET stamp = excluded.stamp
        """).Bind(1, table.Name).Bind(2, key).Run();
}
