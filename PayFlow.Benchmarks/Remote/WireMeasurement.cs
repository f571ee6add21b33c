using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Remote;

/// <summary>Rows as they travel (compact JSON, packed) against a plain binary form of the same rows, packed in the same way: what a binary protocol would save.</summary>
internal sealed class WireMeasurement : IMeasurement
{
    private const int RoundCount = 5;

    private const int PieceRows = 5_000;

    public string Name => "wire";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context) => Task.Run<IReadOnlyList<BenchResult>>(async () =>
    {
        var pieces = SaleRows.Make(context.Rows).Select(Row).Chunk(PieceRows).ToList();
        var (json, binary) = (pieces.ConvertAll(Json), pieces.ConvertAll(Binary));
        Require.Equal(context.Rows, json.Sum(j => FromJson(j)), "rows read back from JSON");
        Require.Equal(context.Rows, binary.Sum(b => FromBinary(b)), "rows read back from the binary form");
        var writing = await Rounds.AlternateAsync(RoundCount, _ => Time(() => pieces.ForEach(p => Json(p))), _ => Time(() => pieces.ForEach(p => Binary(p))));
        var reading = await Rounds.AlternateAsync(RoundCount, _ => Time(() => json.ForEach(j => FromJson(j))), _ => Time(() => binary.ForEach(b => FromBinary(b))));
        double Bytes(List<byte[]> packed) => (double)packed.Sum(p => (long)p.Length) / context.Rows;
        return
        [
            new(Name + "-size", 0, null, Bytes(json) / Bytes(binary), null, $"packed, JSON has {Bytes(json):0.0} bytes a row, the binary form {Bytes(binary):0.0}"),
            new(Name + "-write", writing.Subject, writing.Floor, writing.Ratio, null, $"{context.Rows:N0} rows as JSON and packed; floor: as binary and packed"),
            new(Name + "-read", reading.Subject, reading.Floor, reading.Ratio, null, $"{context.Rows:N0} rows unpacked and read from JSON; floor: from binary"),
        ];
    });

    private static Task<double> Time(Action work) => Task.FromResult(Rounds.Time(work));

    private static DownloadedRow Row(SaleRow row) => new(row.Id,
    [
        CellValue.Of(row.Id), CellValue.Of(row.Article), CellValue.Of(row.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture)), CellValue.Of((long)row.Quantity), CellValue.Of(row.IsPaid ? 1L : 0L),
        CellValue.Of(row.SoldAt.ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture)), row.Note is null ? CellValue.Null : CellValue.Of(row.Note), CellValue.Of(row.Number),
    ]);

    private static byte[] Json(DownloadedRow[] rows)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            JsonSerializer.Serialize(gzip, RowsAnswer.Sealed(rows, isLast: false), WireContext.Wire.RowsAnswer);
        return packed.ToArray();
    }

    private static int FromJson(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, WireContext.Wire.RowsAnswer)!.Rows.Count;
    }

    // A kind byte, then a varint, eight bytes, or a length and bytes: about as compact as MessagePack or Protocol Buffers.
    private static byte[] Binary(DownloadedRow[] rows)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var buffered = new BufferedStream(gzip, 1 << 16))
        using (var writer = new BinaryWriter(buffered, Encoding.UTF8))
        {
            writer.Write7BitEncodedInt(rows.Length);
            foreach (var row in rows)
            {
                writer.Write(row.Key);
                writer.Write7BitEncodedInt(row.Values!.Length);
                foreach (var value in row.Values)
                    Write(writer, value);
            }
        }
        return packed.ToArray();
    }

    private static void Write(BinaryWriter writer, in CellValue value)
    {
        writer.Write((byte)value.Kind);
        switch (value.Kind)
        {
            case CellKind.Null:
                break;
            case CellKind.Integer:
                writer.Write7BitEncodedInt64(value.AsInteger);
                break;
            case CellKind.Text:
                writer.Write(value.AsText);
                break;
            default:
                throw new InvalidOperationException($"The rows of this measurement have no {value.Kind}.");
        }
    }

    private static int FromBinary(byte[] packed)
    {
        using var reader = new BinaryReader(new BufferedStream(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), 1 << 16), Encoding.UTF8);
        var rows = new List<DownloadedRow>(reader.Read7BitEncodedInt());
        for (var i = rows.Capacity; i > 0; i--)
        {
            var key = reader.ReadString();
            var values = new CellValue[reader.Read7BitEncodedInt()];
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = (CellKind)reader.ReadByte() switch
                {
                    CellKind.Null => CellValue.Null,
                    CellKind.Integer => CellValue.Of(reader.Read7BitEncodedInt64()),
                    _ => CellValue.Of(reader.ReadString()),
                };
            }
            rows.Add(new DownloadedRow(key, values));
        }
        return rows.Count;
    }
}
