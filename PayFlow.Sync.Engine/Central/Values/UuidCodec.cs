using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>uuid</c>: from text in any case, with or without hyphens or braces, or from 16 bytes in the order of RFC 9562.</summary>
internal sealed class UuidCodec(ColumnSchema column) : ColumnCodec(column)
{
    public override string StageType => "uuid";

    public override string KeyFromText(string expression) => $"({expression})::uuid";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal) => UuidValue.TryRead(value, out var uuid)
        ? Accept(PgCell.Of(uuid), out cell, out refusal)
        : Refuse($"{Refusals.Name(value)} is not a uuid", out cell, out refusal);

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsGuid);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => Neutral(exporter.Read<Guid>(NpgsqlDbType.Uuid));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => Neutral(reader.GetGuid(ordinal));

    private static CellValue Neutral(Guid value) => CellValue.Of(value.ToString("D"));
}
