using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>timestamp(p)</c> and <c>timestamptz(p)</c>, written and read as microseconds since 2000-01-01. A zone is normalised to UTC, and what has none is taken to be UTC.</summary>
internal sealed class TimestampCodec(ColumnSchema column) : ColumnCodec(column)
{
    /// <summary>4713 BC to 294276 AD (datatype/timestamp.h).</summary>
    private const long Smallest = -211_813_488_000_000_000;
    private const long Largest = 9_223_371_331_200_000_000 - 1;

    private readonly bool _hasZone = column.BaseType == "timestamptz";
    private readonly int _digits = PgTypes.FractionDigits(column.TypeModifier);
    private readonly NpgsqlDbType _type = column.BaseType == "timestamptz" ? NpgsqlDbType.TimestampTz : NpgsqlDbType.Timestamp;

    public override string StageType => PgTypes.WithFraction("timestamp", Column.TypeModifier) + (_hasZone ? " with time zone" : " without time zone");

    // JSON spells instants in ISO 8601 whatever the session's datestyle; a trigger runs in other people's sessions.
    public override string KeyText(string column) => _hasZone
        ? $"replace(replace((to_json(({column}) AT TIME ZONE 'UTC') #>> '{{}}') || 'Z', ' BCZ', 'Z BC'), 'infinityZ', 'infinity')"
        : $"(to_json({column}) #>> '{{}}')";

    public override string KeyFromText(string expression) => $"({expression})::{(_hasZone ? "timestamptz" : "timestamp")}";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (!EpochValue.TryRead(value, out var instant))
            return Refuse($"{Refusals.Name(value)} is not a date and time", out cell, out refusal);
        if (!instant.TryGetMicroseconds(out var sent))
            return Refuse($"{Refusals.Name(value)} is outside {Column.BaseType}", out cell, out refusal);
        var rounded = PgTypes.RoundMicroseconds(sent, _digits);
        return instant.Infinity != 0 || rounded is >= Smallest and <= Largest
            ? Accept(PgCell.Of(rounded, rounded != sent || !instant.IsExact), out cell, out refusal)
            : Refuse($"{Refusals.Name(value)} is outside {Column.BaseType}", out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsLong);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(IsoText.Timestamp(exporter.Read<long>(_type), _hasZone));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(IsoText.Timestamp(reader.GetFieldValue<long>(ordinal), _hasZone));
}
