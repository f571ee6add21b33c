using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>The rows of one table that came down and could not be written yet; <c>payflow_aside</c>.</summary>
internal sealed class AsideList(SqliteDatabase database, TablePlan table)
{
    /// <summary>Sets a row aside with the reason; it is asked for again at every run.</summary>
    public void Refuse(string serverKey, string reason, string now) => database.Prepare("""
        INSERT INTO payflow_aside (table_name, key, reason, since) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (table_name, key) DO UPDATE SET reason = excluded.reason, attempts = attempts + 1
        """).Bind(1, table.Name).Bind(2, serverKey).Bind(3, reason).Bind(4, now).Run();

    /// <summary>Asks for a row once more as soon as its queue entry is closed: it was passed over because of that.</summary>
    public void AskAgain(string serverKey, string now) =>
        database.Prepare("INSERT INTO payflow_aside (table_name, key, reason, attempts, since) VALUES (?1, ?2, '', 0, ?3) ON CONFLICT (table_name, key) DO NOTHING").Bind(1, table.Name).Bind(2, serverKey).Bind(3, now).Run();

    /// <summary>A row that was set aside has arrived.</summary>
    public void Remove(string serverKey) =>
        database.Prepare("DELETE FROM payflow_aside WHERE table_name = ?1 AND key = ?2").Bind(1, table.Name).Bind(2, serverKey).Run();
}
