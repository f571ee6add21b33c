using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// One table as it is compared. A row is its travelling columns in the plan's order (what the terminal holds as it is stored, parents by central's keys); in a linked table
/// central's key stands behind them, and in the terminal's row its own key behind that.
/// </summary>
internal sealed class VerifyTable
{
    private readonly int[] _compared;
    private readonly int[] _key;

    public VerifyTable(TablePlan plan, SyncPlan all, PulledColumns central)
    {
        Plan = plan;
        All = all;
        Central = central;
        Order = new VerifyKeyOrder(plan.CentralKey);
        Terminal = [.. plan.Columns.Select(TerminalCodec.For)];
        _compared = [.. Enumerable.Range(0, plan.Columns.Count).Where(i => IsCompared(plan, plan.Columns[i]))];
        _key = IsLinked
            ? [plan.Columns.Count]
            : [.. plan.Columns.Select((c, i) => (c, i)).Where(c => c.c.IsKey).OrderBy(c => c.c.KeyOrdinal).Select(c => c.i)];
    }

    public TablePlan Plan { get; }

    public SyncPlan All { get; }

    public PulledColumns Central { get; }

    public VerifyKeyOrder Order { get; }

    public IReadOnlyList<TerminalCodec> Terminal { get; }

    public bool IsLinked => Plan.KeyMode == KeyMode.Linked;

    public int CentralWidth => Plan.Columns.Count + (IsLinked ? 1 : 0);

    public int TerminalWidth => CentralWidth + (IsLinked ? Plan.TerminalKey.Count : 0);

    /// <summary>Central's key of a row of central.</summary>
    public void ReadCentralKey(ReadOnlySpan<CellValue> row, Span<CellValue> key)
    {
        for (var i = 0; i < _key.Length; i++)
            key[i] = row[_key[i]];
    }

    /// <summary>Central's key of a row of the terminal, neutral.</summary>
    public void ReadTerminalKey(ReadOnlySpan<CellValue> row, Span<CellValue> key)
    {
        for (var i = 0; i < _key.Length; i++)
            key[i] = IsLinked ? NeutralKey(row[_key[i]]) : Terminal[_key[i]].ToNeutral(row[_key[i]]);
    }

    /// <summary>The terminal's own key of a row, as it is stored there.</summary>
    public CellValue[] OwnKey(ReadOnlySpan<CellValue> row)
    {
        if (IsLinked)
            return row.Slice(CentralWidth, Plan.TerminalKey.Count).ToArray();
        var key = new CellValue[_key.Length];
        for (var i = 0; i < key.Length; i++)
            key[i] = row[_key[i]];
        return key;
    }

    /// <summary>What central can have under such a key; false when its type has no such value.</summary>
    public bool CanBeInCentral(ReadOnlySpan<CellValue> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i].IsNull || !Central.Keys[i].TryEncode(key[i], out _, out _))
                return false;
        }
        return true;
    }

    /// <summary>The columns whose values differ, as far as that can be told without central; empty for equal rows.</summary>
    public List<int> Differing(ReadOnlySpan<CellValue> central, ReadOnlySpan<CellValue> terminal)
    {
        var differing = new List<int>();
        foreach (var i in _compared)
        {
            if (!IsSame(i, central[i], terminal[i]))
                differing.Add(i);
        }
        return differing;
    }

    public bool AreEqual(ReadOnlySpan<CellValue> central, ReadOnlySpan<CellValue> terminal)
    {
        foreach (var i in _compared)
        {
            if (!central[i].Equals(terminal[i]) && !IsSame(i, central[i], terminal[i]))
                return false;
        }
        return true;
    }

    // A number in server_id is central's number, and a text one that spells it is, too.
    private CellValue NeutralKey(in CellValue stored) => stored.Kind == CellKind.Text && Plan.CentralKey[0].Logical == LogicalType.Integer && ExactDecimal.TryRead(stored, out var number) && number.TryToInt64(out var whole)
        ? CellValue.Of(whole)
        : Plan.CentralKey[0].Logical == LogicalType.Uuid && UuidValue.TryRead(stored, out var uuid) ? CellValue.Of(uuid.ToString("D")) : stored;

    // In two ways: what central's value becomes in the terminal is what the terminal has; or what the terminal has becomes central's value.
    private bool IsSame(int column, in CellValue central, in CellValue terminal)
    {
        if (central.Equals(terminal))
            return true;
        if (central.IsNull || terminal.IsNull || terminal.Kind == CellKind.LocalReference)
            return false;
        if (Plan.Columns[column].References is null && Terminal[column].TryToTerminal(central, out var stored, out _) && Terminal[column].Same(stored, terminal))
            return true;
        var codec = Central.Codecs[column];
        return codec.TryEncode(Terminal[column].ToNeutral(terminal), out var sent, out _) && codec.TryEncode(central, out var held, out _) && sent.IsSame(held);
    }

    // What either side computes by itself need not have travelled.
    private static bool IsCompared(TablePlan plan, ColumnPlan column) =>
        !column.IsKey && !column.IsGeneratedInTerminal && (!column.IsGeneratedInCentral || plan.Entry.Direction == SyncDirection.Push);
}
