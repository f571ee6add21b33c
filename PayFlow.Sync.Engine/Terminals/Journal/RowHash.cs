using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>
/// Sixty-four bits by which a row is recognised as the one that was written. Stays the same for ever, because it is kept in files;
/// it defends against chance, not against malice.
/// </summary>
internal static class RowHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;

    /// <param name="row">The row as stored.</param>
    /// <param name="columns">Which of its columns count.</param>
    public static ulong Of(ReadOnlySpan<CellValue> row, ReadOnlySpan<int> columns)
    {
        var hash = Seed;
        foreach (var column in columns)
            hash = Cell(hash, row[column]);
        return hash;
    }

    private static ulong Cell(ulong hash, in CellValue cell)
    {
        hash = Mix(hash, (ulong)cell.Kind + 1);
        return cell.Kind switch
        {
            CellKind.Null => hash,
            CellKind.Integer => Mix(hash, (ulong)cell.AsInteger),
            // SQLite keeps no negative zero.
            CellKind.Real => Mix(hash, cell.AsReal == 0 ? 0 : BitConverter.DoubleToUInt64Bits(cell.AsReal)),
            CellKind.Blob => Bytes(hash, cell.AsBlob),
            _ => Bytes(hash, MemoryMarshal.AsBytes(cell.AsText.AsSpan())),
        };
    }

    private static ulong Bytes(ulong hash, ReadOnlySpan<byte> bytes)
    {
        hash = Mix(hash, (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        if (bytes.IsEmpty)
            return hash;
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        bytes.CopyTo(rest);
        return Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, 0xD6E8FEB86659FD93, out var low);
        return BitOperations.RotateLeft(high ^ low, 23) + Seed;
    }
}
