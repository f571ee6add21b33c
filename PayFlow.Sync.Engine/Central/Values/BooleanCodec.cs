using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>boolean</c>, neutrally 0 and 1.</summary>
internal sealed class BooleanCodec(ColumnSchema column) : ColumnCodec(column)
{
    public override string StageType => "boolean";

    public override string KeyText(string column) => $"({column})::integer::text";

    public override string KeyFromText(string expression) => $"({expression})::integer::boolean";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        bool? truth = value.Kind switch
        {
            CellKind.Integer when value.AsInteger is 0 or 1 => value.AsInteger == 1,
            CellKind.Real when value.AsReal is 0 or 1 => value.AsReal == 1,
            CellKind.Text => BooleanText.Parse(value.AsText),
            _ => null,
        };
        return truth is { } known
            ? Accept(PgCell.Of(known ? 1 : 0), out cell, out refusal)
            : Refuse($"{Refusals.Name(value)} is not a boolean", out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsLong != 0);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => Neutral(exporter.Read<bool>(NpgsqlDbType.Boolean));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => Neutral(reader.GetBoolean(ordinal));

    private static CellValue Neutral(bool value) => CellValue.Of(value ? 1 : 0);
}
