using System.Text;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>Every other type, by its text form: interval, arrays, enums, inet, citext, xml, bit, timetz, ranges, and what an extension brings.</summary>
internal sealed class TextFormCodec(ColumnSchema column) : ColumnCodec(column)
{
    /// <summary>A modifier that rounds on assignment, and does so in a cast as well: comparing needs the rounded value, and the sender has to be told.</summary>
    private readonly bool _rounds = column is { BaseType: "interval" or "timetz", TypeModifier: >= 0 };

    private readonly string _target = column is { BaseType: "interval" or "timetz", TypeModifier: >= 0, IsDomain: false } ? column.Type : PgTypes.Unconstrained(column);

    public override string StageType => "text";

    public override string FromStage(string stagedExpression) => $"({stagedExpression})::{_target}";

    public override string Comparable(string valueExpression) => $"({valueExpression})::text COLLATE \"C\"";

    // A cast of inet to text adds /32, which its own text form does not have.
    public override string ReadExpression(string column) => Column.BaseType == "inet" ? $"abbrev({column})" : $"({column})::text";

    public override string KeyText(string column) => ReadExpression(column);

    public override string KeyFromText(string expression) => FromStage(expression);

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind == CellKind.Blob)
            return Refuse($"{Refusals.Name(value)} is not text", out cell, out refusal);
        var text = value.ToString();
        if (PgText.Fault(text) is { } fault)
            return Refuse(fault, out cell, out refusal);
        // "char" is one byte, and its cast drops the others.
        return Column.BaseType == "char" && Encoding.UTF8.GetByteCount(text) > 1
            ? Refuse($"{Refusals.Name(text)} is longer than one byte", out cell, out refusal)
            : Accept(PgCell.Of(text, _rounds), out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsText);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(exporter.Read<string>(NpgsqlDbType.Text));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetString(ordinal));
}
