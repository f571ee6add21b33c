using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>
/// <c>numeric</c>: what fits a <see cref="decimal"/> is written as one, everything else (up to 131,072 digits, NaN, infinity) in PostgreSQL's own
/// binary form; it is read as text, which is its neutral form and keeps the scale as PostgreSQL prints it.
/// </summary>
internal class NumericCodec : ColumnCodec
{
    private const int LongestDecimal = 28;
    private const int LargestWhole = 131_072;
    private const int LargestScale = 16_383;

    private readonly int? _scale;
    private readonly int _wholeDigits = LargestWhole;
    private readonly string _typeName = "numeric";

    /// <summary>The first value too large, where the column's values fit a decimal; otherwise null, and the long way is taken.</summary>
    private readonly decimal? _bound;

    public NumericCodec(ColumnSchema column)
        : this(column, PgTypes.NumericModifier(column.TypeModifier))
    {
    }

    protected NumericCodec(ColumnSchema column, (int Precision, int Scale)? modifier)
        : base(column)
    {
        StageType = "numeric";
        if (modifier is not var (precision, scale))
            return;
        _scale = scale;
        _wholeDigits = precision - scale;
        _typeName = $"numeric({precision},{scale})";
        StageType = _typeName;
        if (scale >= 0 && scale <= precision && precision <= LongestDecimal)
            _bound = PowerOfTen(_wholeDigits);
    }

    public override string StageType { get; }

    public override string ReadExpression(string column) => $"({column})::text";

    public override string KeyFromText(string expression) => $"({expression})::numeric";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind == CellKind.Integer && (_scale is null || _bound is not null))
            return Fit(value.AsInteger, value, out cell, out refusal);
        if (value.Kind == CellKind.Text && (_scale is null || _bound is not null) && ExactDecimal.TryParseShort(value.AsText, out var mantissa, out var scale))
        {
            var magnitude = (ulong)Math.Abs(mantissa);
            return Fit(new decimal((int)magnitude, (int)(magnitude >> 32), 0, mantissa < 0, (byte)scale), value, out cell, out refusal);
        }
        if (ExactDecimal.TryRead(value, out var number))
            return Fit(number, value, out cell, out refusal);
        if (NumericWire.Special(value) is not { } special)
            return Refuse($"{Refusals.Name(value)} is not a number", out cell, out refusal);
        return _scale is null || special == NumericWire.NaN
            ? Accept(PgCell.Of(special), out cell, out refusal)
            : Refuse($"{Refusals.Number(value.ToString())} does not fit {_typeName}", out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell)
    {
        // A binary COPY names no types: what is written as bytea is taken for what the column is.
        if (cell.AsBytes is { } raw)
            writer.Write(raw);
        else
            writer.Write(cell.AsDecimal);
    }

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(exporter.Read<string>(NpgsqlDbType.Text));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetString(ordinal));

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }

    private bool Fit(decimal number, in CellValue value, out PgCell cell, out string? refusal)
    {
        if (_scale is not { } scale)
            return Accept(PgCell.Of(number), out cell, out refusal);
        var rounded = number.Scale > scale ? Math.Round(number, scale, MidpointRounding.AwayFromZero) : number;
        return Math.Abs(rounded) < _bound
            ? Accept(PgCell.Of(rounded, rounded != number), out cell, out refusal)
            : Refuse(TooLarge(value), out cell, out refusal);
    }

    private bool Fit(ExactDecimal number, in CellValue value, out PgCell cell, out string? refusal)
    {
        if (_scale is null && number.WrittenScale > LargestScale)
            return Refuse($"{Refusals.Number(value.ToString())} has more than {LargestScale} digits after the point", out cell, out refusal);
        var rounded = _scale is { } scale ? number.Round(scale) : number;
        return rounded.IsZero || rounded.WholeDigits <= _wholeDigits
            ? Accept(PgCell.Of(NumericWire.Encode(rounded, _scale), rounded != number), out cell, out refusal)
            : Refuse(TooLarge(value), out cell, out refusal);
    }

    private string TooLarge(in CellValue value) =>
        $"{Refusals.Number(value.ToString())} has more than {Math.Max(0, _wholeDigits).ToString(CultureInfo.InvariantCulture)} digits before the point for {_typeName}";
}
