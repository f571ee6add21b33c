namespace PayFlow.Sync.Engine.Changes;

/// <summary>The checksum of a batch: everything in it that decides what is applied.</summary>
internal static class BatchChecksum
{
    public static ulong Of(ChangeBatch batch)
    {
        var sum = ChangeChecksum.Begin();
        Add(ref sum, batch.Id);
        Add(ref sum, batch.RunId);
        sum.Add((ulong)batch.Seen.Generation);
        sum.Add((ulong)batch.Seen.Transaction);
        sum.Add((ulong)batch.Seen.Entry);
        sum.Add(batch.IsRestored);
        sum.Add(batch.IsDryRun);
        sum.Add((ulong)batch.Sections.Count);
        foreach (var section in batch.Sections)
            Add(ref sum, section);
        return sum.Value;
    }

    private static void Add(ref ChangeChecksum sum, TableSection section)
    {
        sum.Add(section.Table);
        sum.Add(section.SeenStamp);
        sum.Add(section.IsBootstrap);
        sum.Add(section.IsLinkOnly);
        sum.Add(section.BaseUnknown);
        sum.Add(section.IsLinked);
        sum.Add((ulong)section.Columns.Count);
        foreach (var column in section.Columns)
            sum.Add(column);
        sum.Add((ulong)section.Rows.Count);
        foreach (var row in section.Rows)
        {
            sum.Add(row.Key);
            sum.Add(row.ServerKey);
            sum.Add(row.Values);
            sum.Add(row.Base);
        }
    }

    private static void Add(ref ChangeChecksum sum, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        sum.Add(BitConverter.ToUInt64(bytes));
        sum.Add(BitConverter.ToUInt64(bytes[8..]));
    }
}
