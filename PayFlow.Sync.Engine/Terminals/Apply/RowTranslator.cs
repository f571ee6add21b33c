using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Makes central's values of one table what the terminal stores: each column by its codec, parents with a key of their own by their local keys.</summary>
internal sealed class RowTranslator
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly TerminalCodec[] _codecs;
    private readonly string?[] _parents;

    public RowTranslator(SqliteDatabase database, SyncPlan plan, TablePlan table)
    {
        _database = database;
        _table = table;
        _codecs = [.. table.Columns.Select(TerminalCodec.For)];
        _parents = [.. table.Columns.Select(c => c.References is { } parent && plan.Find(parent) is { } linked
            ? $"SELECT {SqliteName.Quote(linked.TerminalKey[0].Name)} FROM {SqliteName.Quote(linked.Name)} WHERE {SqliteName.Quote(linked.ServerIdColumn!)} = ?"
            : null)];
    }

    /// <summary>No look at the database is needed: <see cref="ToStored"/> may be asked on any thread.</summary>
    public bool IsPure => Array.TrueForAll(_parents, p => p is null);

    /// <summary>Central's values as this table holds them.</summary>
    /// <exception cref="RowRefusedException">A column cannot hold its value, or a parent is not here yet.</exception>
    public CellValue[] ToStored(CellValue[] values)
    {
        var stored = new CellValue[values.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            if (_parents[i] is { } sql && !values[i].IsNull)
                stored[i] = LocalParent(i, sql, values[i]);
            else if (!_codecs[i].TryToTerminal(values[i], out stored[i], out var refusal))
                throw new RowRefusedException($"{_table.Name}.{_table.Columns[i].Terminal.Name}: {refusal}");
        }
        return stored;
    }

    /// <summary>As <see cref="ToStored"/>, where <see cref="IsPure"/>; false when a column cannot hold its value.</summary>
    public bool TryToStored(CellValue[] values, out CellValue[] stored)
    {
        stored = new CellValue[values.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            if (!_codecs[i].TryToTerminal(values[i], out stored[i], out _))
                return false;
        }
        return true;
    }

    /// <summary>Whether two stored values of a column mean the same.</summary>
    public bool Same(int column, in CellValue a, in CellValue b) => _codecs[column].Same(a, b);

    /// <summary>One of central's values as this table holds it; false when the column cannot, or when the parent is not here.</summary>
    public bool TryToStored(int column, in CellValue value, out CellValue stored)
    {
        stored = default;
        if (_parents[column] is not { } sql || value.IsNull)
            return _codecs[column].TryToTerminal(value, out stored, out _);
        var statement = _database.Prepare(sql).Bind(1, value.ToString());
        var isHere = statement.Step();
        if (isHere)
            stored = statement.Column(0);
        statement.Reset();
        return isHere;
    }

    /// <summary>The column's changes add up.</summary>
    public bool IsAdditive(int column) => _table.Entry.Additive.Contains(_table.Columns[column].Terminal.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What an additive column holds when central's total has come in under a change of its own; false when that is no number, or none that the column can hold.</summary>
    public bool TryAdd(int column, in CellValue current, in CellValue total, in CellValue sent, out CellValue sum)
    {
        sum = default;
        return ExactDecimal.TryRead(current, out var now) && ExactDecimal.TryRead(total, out var there) && ExactDecimal.TryRead(sent, out var before)
            && TryNeutral(_table.Columns[column], now + (there - before), out var neutral) && _codecs[column].TryToTerminal(neutral, out sum, out _);
    }

    private static bool TryNeutral(ColumnPlan column, ExactDecimal number, out CellValue neutral)
    {
        var fits = true;
        if (column.Central.Logical == LogicalType.Integer)
        {
            fits = number.TryToInt64(out var whole);
            neutral = CellValue.Of(whole);
        }
        else
        {
            neutral = column.Central.Logical == LogicalType.Float ? CellValue.Of(DecimalCodec.Nearest(number.ToString())) : CellValue.Of(number.ToWrittenString());
        }
        return fits;
    }

    private CellValue LocalParent(int column, string sql, CellValue serverKey)
    {
        var statement = _database.Prepare(sql).Bind(1, serverKey.ToString());
        if (!statement.Step())
            throw new RowRefusedException($"waits for {_table.Columns[column].References}/{serverKey}");
        var local = statement.Column(0);
        statement.Reset();
        return local;
    }
}
