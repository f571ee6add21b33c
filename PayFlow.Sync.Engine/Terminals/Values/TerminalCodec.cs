using System.Diagnostics.CodeAnalysis;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>
/// How the values of one column are held by its terminal. "What the column holds decides": the declared type's affinity, the spelling of instants
/// that is there, and the meaning that central gives to the column.
/// </summary>
internal abstract class TerminalCodec(ColumnPlan plan)
{
    protected ColumnPlan Plan { get; } = plan;

    protected ColumnAffinity Affinity { get; } = Values.Affinity.Of(plan.Terminal.Type);

    public static TerminalCodec For(ColumnPlan plan) => plan.Central.Logical switch
    {
        LogicalType.Boolean => new BooleanCodec(plan),
        LogicalType.Integer => new IntegerCodec(plan),
        LogicalType.Float => new FloatCodec(plan),
        LogicalType.Decimal => new DecimalCodec(plan),
        LogicalType.Date or LogicalType.Timestamp or LogicalType.TimestampTz => new InstantCodec(plan),
        LogicalType.Time => new TimeCodec(plan),
        LogicalType.Uuid => new UuidCodec(plan),
        LogicalType.Json => new JsonCodec(plan),
        _ => new TextCodec(plan),
    };

    /// <summary>Makes central's neutral value what is bound for this column: exactly what SQLite holds afterwards, after its own conversion.</summary>
    /// <param name="neutral">The value as central gave it.</param>
    /// <param name="stored">What to bind.</param>
    /// <param name="refusal">Why the column cannot hold it, in words without a full stop.</param>
    public bool TryToTerminal(in CellValue neutral, out CellValue stored, [NotNullWhen(false)] out string? refusal)
    {
        stored = neutral;
        refusal = null;
        // A blob is a blob in every column.
        if (neutral.Kind is CellKind.Null or CellKind.Blob)
            return true;
        var isStored = TryStore(neutral, out stored, out var reason);
        refusal = isStored ? null : reason!;
        return isStored;
    }

    /// <summary>What a terminal column holds, as it is sent upward: nearer to the neutral form where that is certain, otherwise as it is, for central to judge.</summary>
    public CellValue ToNeutral(in CellValue stored) => stored.Kind is CellKind.Null or CellKind.LocalReference ? stored : Neutralize(stored);

    /// <summary>Two stored values of this column mean the same. When in doubt they do not.</summary>
    public bool Same(in CellValue a, in CellValue b)
    {
        if (a.Equals(b))
            return true;
        return !a.IsNull && !b.IsNull && a.Kind != CellKind.LocalReference && b.Kind != CellKind.LocalReference && MeanTheSame(a, b);
    }

    /// <summary>As <see cref="TryToTerminal"/>, for what is neither NULL nor a blob.</summary>
    protected abstract bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal);

    protected virtual CellValue Neutralize(in CellValue stored) => stored;

    protected abstract bool MeanTheSame(in CellValue a, in CellValue b);

    /// <summary>Stores an integer as this affinity keeps it.</summary>
    protected bool TryStoreInteger(long value, out CellValue stored, out string? refusal)
    {
        refusal = null;
        switch (Affinity)
        {
            case ColumnAffinity.Text:
                stored = CellValue.Of(CellValue.Of(value).ToString());
                return true;
            case ColumnAffinity.Real when (Int128)(double)value != value:
                return RefuseNumber(CellValue.Of(value).ToString(), out stored, out refusal);
            case ColumnAffinity.Real:
                stored = CellValue.Of((double)value);
                return true;
            default:
                stored = CellValue.Of(value);
                return true;
        }
    }

    /// <summary>Stores a finite or infinite double as this affinity keeps it. SQLite itself would make 15 digits of it in a TEXT column.</summary>
    protected CellValue StoreReal(double value) => Affinity switch
    {
        ColumnAffinity.Text => CellValue.Of(CellValue.Of(value).ToString()),
        // As SQLite does it (sqlite3VdbeIntegerAffinity): whole numbers become integers, except at the very ends of 64 bits.
        ColumnAffinity.Integer or ColumnAffinity.Numeric when value is > long.MinValue and < long.MaxValue && double.IsInteger(value) => CellValue.Of((long)value),
        _ => CellValue.Of(value),
    };

    /// <summary>Stores text, unless SQLite would make a number of it that no longer reads the same: <c>007</c>.</summary>
    protected bool TryStoreText(string text, out CellValue stored, out string? refusal)
    {
        stored = CellValue.Of(text);
        refusal = null;
        if (!Affinity.IsNumeric() || !ExactDecimal.IsNumber(text))
            return true;
        stored = ExactDecimal.TryParse(text, out var number) && number.TryToInt64(out var whole)
            ? Affinity == ColumnAffinity.Real ? CellValue.Of((double)whole) : CellValue.Of(whole)
            : StoreReal(DecimalCodec.Nearest(text));
        if (string.Equals(stored.ToString(), text, StringComparison.Ordinal))
            return true;
        refusal = $"'{text}' is text, and SQLite makes the number {stored} of it in a {Declared} column; declare it TEXT";
        return false;
    }

    protected bool RefuseNumber(string number, out CellValue stored, out string? refusal)
    {
        stored = default;
        refusal = $"{number} cannot be held exactly by a {Declared} column; declare it TEXT";
        return false;
    }

    private string Declared => Plan.Terminal.Type.Length > 0 ? Plan.Terminal.Type : "typeless";
}
