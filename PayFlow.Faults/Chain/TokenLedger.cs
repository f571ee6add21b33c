using System.Globalization;

namespace PayFlow.Faults.Chain;

/// <summary>
/// Everything that was committed anywhere: which rows were made, which of them may be gone by rights, and which change was written over which. A change that nobody
/// wrote over is what must be there in the end.
/// </summary>
internal sealed class TokenLedger
{
    private readonly HashSet<string> _forgiven = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChainTable> _committed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Row, string Change), string> _writtenOver = [];
    private readonly HashSet<string> _excused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _quantities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _uncounted = new(StringComparer.Ordinal);
    private int _last;
    private int _lastChange;

    /// <summary>Rows that were committed somewhere, by token.</summary>
    public IReadOnlyDictionary<string, ChainTable> Committed => _committed;

    /// <summary>Every change, in order, and who made it.</summary>
    public List<(string Side, string Change)> Made { get; } = [];

    public string Create(ChainTable table, bool atTerminal) =>
        $"{table.Name[..2]}{(atTerminal ? 't' : 'c')}{(++_last).ToString("000", CultureInfo.InvariantCulture)}";

    /// <summary>A value that no other change writes.</summary>
    public string Change() => $"w{++_lastChange}";

    /// <summary>A transaction committed: which rows it made, and what it wrote over what.</summary>
    /// <param name="side">Who wrote.</param>
    /// <param name="before">What it found.</param>
    /// <param name="after">What it left.</param>
    public void Commit(string side, ChainSnapshot before, ChainSnapshot after)
    {
        foreach (var gone in before.Rows.Keys.Where(t => !after.Rows.ContainsKey(t)))
            Forgive(gone);
        foreach (var (token, row) in after.Rows)
        {
            _committed.TryAdd(token, row.Table);
            if (before.Rows.TryGetValue(token, out var old))
            {
                _quantities[token] = _quantities.GetValueOrDefault(token) + row.Quantity - old.Quantity;
                WriteOver(side, token, old.V1, row.V1);
                WriteOver(side, token, old.V2, row.V2);
            }
            else
            {
                _quantities[token] = row.Quantity;
            }
        }
    }

    /// <summary>Somebody deleted it, gave it another key, or took a key that others take, too.</summary>
    public void Forgive(string token) => _forgiven.Add(token);

    public bool IsForgiven(string token) => _forgiven.Contains(token);

    /// <summary>A change that may be lost by rights: it was made in a file that a backup has replaced.</summary>
    public void Excuse(string change) => _excused.Add(change);

    /// <summary>What every side added to a row together, and what it began with; null when that cannot be told.</summary>
    public long? Quantity(string token) => _uncounted.Contains(token) ? null : _quantities.GetValueOrDefault(token);

    /// <summary>Some of what was added to a row is gone by rights.</summary>
    public void Uncount(string token) => _uncounted.Add(token);

    /// <summary>The committed change that was written over this one in this row; null when it is the last.</summary>
    public string? Successor(string token, string change) =>
        _writtenOver.GetValueOrDefault((token, change)) is { } successor && !_excused.Contains(successor) ? successor : null;

    private void WriteOver(string side, string token, string old, string now)
    {
        if (old == now)
            return;
        Made.Add((side, now));
        if (old.Length > 0)
            _writtenOver[(token, old)] = now;
    }
}
