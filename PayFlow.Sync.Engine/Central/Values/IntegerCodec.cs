using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>smallint</c>, <c>integer</c> and <c>bigint</c>.</summary>
internal sealed class IntegerCodec : ColumnCodec
{
    private readonly long _smallest;
    private readonly long _largest;

    public IntegerCodec(ColumnSchema column)
        : base(column)
    {
        (StageType, _smallest, _largest) = column.BaseType switch
        {
            "int2" => ("smallint", short.MinValue, short.MaxValue),
            "int4" => ("integer", int.MinValue, int.MaxValue),
            _ => ("bigint", long.MinValue, long.MaxValue),
        };
    }

    public override string StageType { get; }

    public override string KeyFromText(string expression) => $"({expression})::{StageType}";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind == CellKind.Integer)
            return Fit(value.AsInteger, out cell, out refusal);
        if (!ExactDecimal.TryRead(value, out var number))
            return Refuse($"{Refusals.Name(value)} is not a number", out cell, out refusal);
        if (!number.IsWhole)
            return Refuse($"{Refusals.Number(value.ToString())} is not a whole number", out cell, out refusal);
        return number.TryToInt64(out var whole)
            ? Fit(whole, out cell, out refusal)
            : Refuse($"{Refusals.Number(value.ToString())} is outside {StageType}", out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell)
    {
        switch (_largest)
        {
            case short.MaxValue:
                writer.Write((short)cell.AsLong);
                break;
            case int.MaxValue:
                writer.Write((int)cell.AsLong);
                break;
            default:
                writer.Write(cell.AsLong);
                break;
        }
    }

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(_largest switch
    {
        short.MaxValue => exporter.Read<short>(NpgsqlDbType.Smallint),
        int.MaxValue => exporter.Read<int>(NpgsqlDbType.Integer),
        _ => exporter.Read<long>(NpgsqlDbType.Bigint),
    });

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetInt64(ordinal));

    private bool Fit(long value, out PgCell cell, out string? refusal) => value >= _smallest && value <= _largest
        ? Accept(PgCell.Of(value), out cell, out refusal)
        : Refuse($"{value} is outside {StageType}", out cell, out refusal);
}
