using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>text</c>, <c>varchar(n)</c> and <c>name</c>: compared byte for byte, whatever the column's collation says.</summary>
internal class TextCodec(ColumnSchema column) : ColumnCodec(column)
{
    /// <summary>NAMEDATALEN - 1.</summary>
    private const int LongestName = 63;

    // varchar(n) and char(n) have n + 4 as their modifier.
    private readonly int _limit = column.TypeModifier > 4 && column.BaseType is "varchar" or "bpchar" ? column.TypeModifier - 4 : int.MaxValue;

    public override string StageType => "text";

    public override string FromStage(string stagedExpression) => Column.BaseType == "name" ? $"({stagedExpression})::name" : stagedExpression;

    public override string Comparable(string valueExpression) => $"({valueExpression})::text COLLATE \"C\"";

    public override string KeyFromText(string expression) => $"({expression})::text";

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind == CellKind.Blob)
            return Refuse($"{Refusals.Name(value)} is not text", out cell, out refusal);
        var text = value.ToString();
        if (PgText.Fault(text) is { } fault)
            return Refuse(fault, out cell, out refusal);
        if (text.Length > LongestName && Column.BaseType == "name" && System.Text.Encoding.UTF8.GetByteCount(text) > LongestName)
            return Refuse($"{Refusals.Name(text)} is longer than {LongestName} bytes", out cell, out refusal);
        return text.Length > _limit && PgText.Length(text) > _limit
            ? Shorten(text, out cell, out refusal)
            : Accept(PgCell.Of(text), out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsText);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(exporter.Read<string>(NpgsqlDbType.Text));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetString(ordinal));

    /// <summary>The SQL standard has an overlong text cut where only blanks are lost, and PostgreSQL does it; anything else is refused.</summary>
    private bool Shorten(string text, out PgCell cell, out string? refusal)
    {
        var kept = text.TrimEnd(' ');
        var length = PgText.Length(kept);
        if (length > _limit)
            return Refuse($"{Refusals.Name(text)} is longer than {_limit} characters", out cell, out refusal);
        return Accept(PgCell.Of(kept.PadRight(kept.Length + _limit - length), isAltered: true), out cell, out refusal);
    }
}
