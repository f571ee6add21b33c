using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>real</c> and <c>double precision</c>. A <c>real</c> is read as the double with the same shortest digits: 0.1 stays 0.1. NaN is text, because SQLite has none.</summary>
internal sealed class FloatCodec(ColumnSchema column) : ColumnCodec(column)
{
    private readonly bool _isSingle = column.BaseType == "float4";

    public override string StageType => _isSingle ? "real" : "double precision";

    // PostgreSQL writes 1e+20 where .NET writes 1E+20, turns to exponents at 1e15 where .NET does at 1e17, and for a real earlier than that.
    // Beyond 15 digits the two may print different decimals of one double, which is one more reason not to have such a key.
    public override string KeyText(string column)
    {
        var value = _isSingle ? $"({column})::text::double precision" : $"({column})";
        return $"CASE WHEN abs({value}) >= 1e15 AND abs({value}) < 1e17 THEN {value}::text::numeric::text ELSE replace({value}::text, 'e', 'E') END";
    }

    public override string KeyFromText(string expression) => $"({expression})::{StageType}";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        double number;
        bool isAltered;
        switch (value.Kind)
        {
            case CellKind.Real:
                number = value.AsReal;
                isAltered = false;
                break;
            case CellKind.Integer:
                number = value.AsInteger;
                isAltered = (Int128)number != value.AsInteger;
                break;
            case CellKind.Text when TryParse(value.AsText, out number, out isAltered):
                break;
            default:
                return Refuse($"{Refusals.Name(value)} is not a number", out cell, out refusal);
        }
        if (_isSingle && !TryNarrow(ref number, ref isAltered) || (double.IsInfinity(number) && value.Kind == CellKind.Text && ExactDecimal.TryRead(value, out _)))
            return Refuse($"{Refusals.Number(value.ToString())} is outside {StageType}", out cell, out refusal);
        return Accept(PgCell.Of(number, isAltered), out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell)
    {
        if (_isSingle)
            writer.Write((float)cell.AsDouble);
        else
            writer.Write(cell.AsDouble);
    }

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) =>
        Neutral(_isSingle ? Widen(exporter.Read<float>(NpgsqlDbType.Real)) : exporter.Read<double>(NpgsqlDbType.Double));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) =>
        Neutral(_isSingle ? Widen(reader.GetFloat(ordinal)) : reader.GetDouble(ordinal));

    private static CellValue Neutral(double value) => double.IsNaN(value) ? CellValue.Of("NaN") : CellValue.Of(value);

    private static double Widen(float value)
    {
        if (!float.IsFinite(value))
            return value;
        Span<char> buffer = stackalloc char[24];
        value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        return double.Parse(buffer[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static bool TryNarrow(ref double value, ref bool isAltered)
    {
        var single = (float)value;
        if (!double.IsNaN(value) && (float.IsInfinity(single) != double.IsInfinity(value) || (single == 0 && value != 0)))
            return false;
        isAltered |= !double.IsNaN(value) && Widen(single) != value;
        value = single;
        return true;
    }

    private static bool TryParse(string text, out double value, out bool isAltered)
    {
        isAltered = false;
        if (ExactDecimal.TryParse(text, out var exact))
        {
            value = double.Parse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture);
            isAltered = double.IsFinite(value) && ExactDecimal.Of(value) != exact;
            return true;
        }
        double? special = text.Trim().ToLowerInvariant() switch
        {
            "nan" => double.NaN,
            "infinity" or "inf" or "+infinity" => double.PositiveInfinity,
            "-infinity" or "-inf" => double.NegativeInfinity,
            _ => null,
        };
        value = special ?? 0;
        return special is not null;
    }
}
