using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>A piece of a table.</summary>
/// <param name="Rows">In key order.</param>
/// <param name="IsLast">Nothing more is behind it.</param>
/// <param name="Checksum">Of the rows, in their order.</param>
public sealed record RowsAnswer(IReadOnlyList<DownloadedRow> Rows, bool IsLast, ulong Checksum)
{
    /// <summary>The piece with its checksum.</summary>
    public static RowsAnswer Sealed(IReadOnlyList<DownloadedRow> rows, bool isLast) => new(rows, isLast, SumOf(rows));

    /// <exception cref="SyncException">It is not what was sealed; nothing of it must be written.</exception>
    public void RequireIntact()
    {
        if (Checksum != SumOf(Rows))
            throw PageChecksum.Damaged("A piece of a table");
    }

    private static ulong SumOf(IReadOnlyList<DownloadedRow> rows)
    {
        var sum = ChangeChecksum.Begin();
        foreach (var row in rows)
        {
            sum.Add(row.Key);
            sum.Add(row.Values);
        }
        return sum.Value;
    }
}
