using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary><c>money</c>, by way of numeric, so that neither currency sign nor group separators travel. It is 64 bits of hundredths.</summary>
internal sealed class MoneyCodec(ColumnSchema column) : NumericCodec(column, (19, 2))
{
    // A value of 19 digits may still be beyond money; the cast raises then.
    public override string FromStage(string stagedExpression) => $"({stagedExpression})::numeric::money";

    public override string Comparable(string valueExpression) => $"({valueExpression})::numeric";

    public override string ReadExpression(string column) => $"({column})::numeric::text";

    public override string KeyText(string column) => $"({column})::numeric::text";

    public override string KeyFromText(string expression) => $"({expression})::numeric::money";
}
