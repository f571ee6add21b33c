using System.Data.Common;

namespace PayFlow.Faults.Chain;

/// <summary>What stands where at one moment, in words, for the log of a failing case.</summary>
internal static class ChainPicture
{
    /// <summary>A till's open entries and rows set aside.</summary>
    public static void Queue(List<string> log, IChainTill till)
    {
        foreach (var row in till.File.Rows("SELECT 'queue', entity_type, entity_id, action, status, attempts, last_error, base FROM sync_queue UNION ALL SELECT 'aside', table_name, key, reason, attempts, NULL, NULL, NULL FROM payflow_aside"))
            log.Add($"      {till.Id} {string.Join(' ', row)}");
    }

    /// <summary>All rows of both sides, and the conflicts.</summary>
    public static void Rows(List<string> log, ChainShape shape, DbConnection central, IReadOnlyList<IChainTill> tills)
    {
        foreach (var table in shape.Tables)
        {
            foreach (var row in ChainWriter.Column(central, null, $"SELECT 'central {table.Name} ' || t::text FROM {table.Name} t ORDER BY token"))
                log.Add(row);
            foreach (var till in tills)
                log.AddRange(till.File.Rows($"SELECT * FROM {table.Name} ORDER BY token").Select(r => $"{till.Id} {table.Name} ({string.Join(',', r)})"));
        }
        log.AddRange(ChainWriter.Column(central, null, "SELECT 'conflict ' || concat_ws(' ', terminal_id, table_name, key, local_key, kind, policy, state, resolution) FROM payflow.conflicts"));
    }
}
