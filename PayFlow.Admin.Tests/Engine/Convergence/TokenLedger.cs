using System.Globalization;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>Which rows were made, and which of them may be gone by rights.</summary>
internal sealed class TokenLedger
{
    private readonly HashSet<string> _forgiven = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChainTable> _committed = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>Rows that were committed somewhere, by token.</summary>
    public IReadOnlyDictionary<string, ChainTable> Committed => _committed;

    public string Create(ChainTable table, bool atTerminal) =>
        $"{table.Name[..2]}{(atTerminal ? 't' : 'c')}{(++_last).ToString("000", CultureInfo.InvariantCulture)}";

    public void Commit(ChainTable table, string token) => _committed.TryAdd(token, table);

    /// <summary>Somebody deleted it, gave it another key, or took a key that others take, too.</summary>
    public void Forgive(string token) => _forgiven.Add(token);

    public bool IsForgiven(string token) => _forgiven.Contains(token);
}
