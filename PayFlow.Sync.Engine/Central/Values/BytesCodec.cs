using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>bytea</c>. Text is refused: which bytes it stands for would be a guess.</summary>
internal sealed class BytesCodec(ColumnSchema column) : ColumnCodec(column)
{
    public override string StageType => "bytea";

    public override string KeyText(string column) => $"('\\x' || encode({column}, 'hex'))";

    public override string KeyFromText(string expression) => $"({expression})::bytea";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal) => value.Kind == CellKind.Blob
        ? Accept(PgCell.Of(value.AsBlob), out cell, out refusal)
        : Refuse($"{Refusals.Name(value)} is not a blob", out cell, out refusal);

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsBytes!);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(exporter.Read<byte[]>(NpgsqlDbType.Bytea));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetFieldValue<byte[]>(ordinal));
}
