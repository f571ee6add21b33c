using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>What tests of rollback share: whole databases as text, and the call itself.</summary>
internal static class RollbackCase
{
    /// <summary>Every row of every table of the chain, as text.</summary>
    public static async Task<List<string?>> CentralAsync(SyncFixture chain)
    {
        var rows = new List<string?>();
        foreach (var table in await chain.TextsAsync("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'system_settings' ORDER BY 1"))
            rows.AddRange(await chain.TextsAsync($"SELECT '{table} ' || t::text FROM {table} t ORDER BY 1"));
        rows.AddRange(await chain.TextsAsync("SELECT 'link ' || concat_ws('|', terminal_id, table_name, local_key, server_key) FROM payflow.links ORDER BY 1"));
        return rows;
    }

    /// <summary>Every row of every table of the POS program, but for when it was last synced.</summary>
    public static List<string> Till(Till till) =>
        [.. till.Texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'payflow%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'sync%' ORDER BY name")
            .SelectMany(table => till.File.Rows($"SELECT * FROM \"{table}\"").Select(r => table + " " + string.Join("|", r.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture)))).Order(StringComparer.Ordinal))];

    public static Task<RollbackReport> RollBackAsync(this SyncFixture chain, Guid run, Till? till = null, bool dryRun = false, Action<string>? step = null, params string[] tables) =>
        new Rollback(chain.Source).RunAsync(new RollbackRequest
        {
            Run = run.ToString(),
            Actor = "test",
            IsDryRun = dryRun,
            TerminalPath = till?.File.Path,
            Tables = tables.Length == 0 ? null : tables,
            Step = step,
        });
}
