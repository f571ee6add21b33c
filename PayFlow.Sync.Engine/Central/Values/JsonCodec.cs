using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>json</c> and <c>jsonb</c>, compared as jsonb: neither blanks nor the order of keys make a difference.</summary>
internal sealed class JsonCodec(ColumnSchema column) : ColumnCodec(column)
{
    /// <summary>Deeper than any document of a POS, and far from PostgreSQL's stack.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    public override string StageType => "text";

    public override string FromStage(string stagedExpression) => $"({stagedExpression})::{Column.BaseType}";

    // The type json may hold escapes that jsonb refuses: \u0000 and lone surrogates. Such a document is compared as text.
    public override string Comparable(string valueExpression) => Column.BaseType == "jsonb"
        ? valueExpression
        : $"""CASE WHEN ({valueExpression})::text ~ '\\u(0000|[dD][89a-fA-F])' THEN to_jsonb(({valueExpression})::text) ELSE ({valueExpression})::jsonb END""";

    public override string ReadExpression(string column) => $"({column})::text";

    public override string KeyFromText(string expression) => FromStage(expression);

    protected override bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal)
    {
        if (value.Kind == CellKind.Blob || (value.Kind == CellKind.Real && !double.IsFinite(value.AsReal)))
            return Refuse($"{Refusals.Name(value)} is not JSON", out cell, out refusal);
        var text = value.ToString();
        if (PgText.Fault(text) is { } fault)
            return Refuse(fault, out cell, out refusal);
        if (!IsJson(text))
            return Refuse($"{Refusals.Name(text)} is not JSON", out cell, out refusal);
        return Column.BaseType == "jsonb" && text.Contains("\\u0000", StringComparison.Ordinal) && HoldsNul(text)
            ? Refuse("text holds a NUL character", out cell, out refusal)
            : Accept(PgCell.Of(text), out cell, out refusal);
    }

    protected override void WriteValue(CopyWriter writer, in PgCell cell) => writer.Write(cell.AsText);

    protected override CellValue ReadValue(NpgsqlBinaryExporter exporter) => CellValue.Of(exporter.Read<string>(NpgsqlDbType.Text));

    protected override CellValue ReadValue(NpgsqlDataReader reader, int ordinal) => CellValue.Of(reader.GetString(ordinal));

    private static bool IsJson(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), Options);
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HoldsNul(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), Options);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && reader.GetString()!.Contains('\0'))
                return true;
        }
        return false;
    }
}
