using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>time(p)</c> without time zone, written and read as microseconds since midnight.</summary>
internal sealed class TimeCodec(ColumnSchema column) : ColumnCodec(column)
{
    private readonly int _digits = PgTypes.FractionDigits(column.TypeModifier);

    public override string StageType => PgTypes.WithFraction("time", Column.TypeModifier) + " without time zone";

    public override string KeyFromText(string expression) => $"({expression})::time";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind != CellKind.Text || !IsoInstant.TryParseTime(value.AsText, out var sent, out var isExact))
            return Refuse($"{Refusals.Name(value)} is not a time of day", out cell, out refusal);
        var rounded = PgTypes.RoundMicroseconds(sent, _digits);
        return Accept(PgCell.Of(rounded, rounded != sent || !isExact), out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsLong);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(IsoText.Time(exporter.Read<long>(NpgsqlDbType.Time)));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(IsoText.Time(reader.GetFieldValue<long>(ordinal)));
}
