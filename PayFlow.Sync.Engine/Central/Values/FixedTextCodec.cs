using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>char(n)</c>: blanks at the end mean nothing and do not travel. The cast of a char(n) to text drops them.</summary>
internal sealed class FixedTextCodec(ColumnSchema column) : TextCodec(column)
{
    public override string FromStage(string stagedExpression) => $"({stagedExpression})::bpchar";

    public override string ReadExpression(string column) => $"({column})::text";

    public override string KeyFromText(string expression) => $"({expression})::bpchar";
}
