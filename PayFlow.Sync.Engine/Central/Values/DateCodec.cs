using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>date</c>, written and read as days since 2000-01-01.</summary>
internal sealed class DateCodec(ColumnSchema column) : ColumnCodec(column)
{
    /// <summary>4713 BC to 5874897 AD (datatype/timestamp.h).</summary>
    private const long Smallest = -2_451_545;
    private const long Largest = 2_145_031_948;

    public override string StageType => "date";

    // JSON spells dates in ISO 8601 whatever the session's datestyle; a trigger runs in other people's sessions.
    public override string KeyText(string column) => $"(to_json({column}) #>> '{{}}')";

    public override string KeyFromText(string expression) => $"({expression})::date";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (!EpochValue.TryRead(value, out var instant))
            return Refuse($"{Refusals.Name(value)} is not a date", out cell, out refusal);
        if (instant.Infinity != 0)
            return Accept(PgCell.Of(instant.Infinity > 0 ? int.MaxValue : int.MinValue), out cell, out refusal);
        if (!instant.IsMidnight || !instant.IsExact)
            return Refuse($"{Refusals.Name(value)} has a time of day, which a date cannot hold", out cell, out refusal);
        return instant.Days is >= Smallest and <= Largest
            ? Accept(PgCell.Of(instant.Days), out cell, out refusal)
            : Refuse($"{Refusals.Name(value)} is outside date", out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write((int)cell.AsLong);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(IsoText.Date(exporter.Read<int>(NpgsqlDbType.Date)));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(IsoText.Date(reader.GetFieldValue<int>(ordinal)));
}
