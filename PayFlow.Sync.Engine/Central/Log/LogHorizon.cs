namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// The transaction number below which nothing of this database can still commit. It is the lowest one that the statement's own snapshot calls unfinished, but for those that
/// demonstrably run in another database of the cluster: numbers are the cluster's, and somebody else's long report must not hold this chain's changes back.
/// </summary>
/// <remarks>
/// A number that cannot be placed (its session ended meanwhile, or its details are hidden from this role) counts as this database's own.
/// https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
/// </remarks>
public static class LogHorizon
{
    /// <summary>A subquery that gives one <c>xid8</c>.</summary>
    public const string Sql = """
        SELECT coalesce((
          SELECT min(x.xid) FROM pg_snapshot_xip(s.snapshot) AS x(xid)
          WHERE NOT EXISTS (
            SELECT 1 FROM pg_stat_activity a JOIN pg_database d ON d.oid = a.datid
            WHERE a.backend_xid = x.xid::xid AND d.datname <> current_database())), pg_snapshot_xmax(s.snapshot))
        FROM (SELECT pg_current_snapshot() AS snapshot) s
        """;
}
