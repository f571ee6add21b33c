using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Reads what has become of the rows of a set that is being merged.</summary>
internal sealed class StagedSetReader(StagedTable table)
{
    private readonly MergeStatements _sql = new(table);
    private readonly WriteLimitStatements _limit = new(table);

    /// <summary>The rows that were written, and that the terminal may not write as they stand now.</summary>
    public async Task<List<StagedRow>> FindOutsideAsync(MergeContext context, MergeSet set, CancellationToken cancellationToken)
    {
        var outside = new List<StagedRow>();
        await using var command = context.Command(_limit.FindOutside(set.WithBase, set.IsAllInserts), set.IsAllInserts ? [] : [set.Actions()]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            outside.Add(set.Row(reader.GetInt32(0)));
        return outside;
    }

    /// <summary>Linked tables: central's keys, by ord.</summary>
    public async Task<Dictionary<int, string>> ReadKeysAsync(MergeContext context, MergeSet set, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<int, string>();
        await using var command = context.Command(_sql.StagedKeys(set.WithBase));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            keys[reader.GetInt32(0)] = reader.GetString(1);
        return keys;
    }

    /// <summary>Central's rows as they stand now, by ord, of those that <paramref name="which"/> marks.</summary>
    public async Task<Dictionary<int, CellValue[]>> ReadCentralAsync(MergeContext context, MergeSet set, bool[] which, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<int, CellValue[]>();
        if (!which.Contains(true))
            return rows;
        await using var command = context.Command(_sql.Read(set.WithBase), which);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new CellValue[table.Columns.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = table.Columns[i].Codec.Read(reader, i + 1);
            rows[reader.GetInt32(0)] = values;
        }
        return rows;
    }
}
