namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// Puts parents before children over the foreign keys of both sides. Tables that refer to each other in a circle share a rank
/// (Tarjan's strongly connected components); what a table says about itself orders nothing.
/// </summary>
internal sealed class ForeignKeyOrder
{
    private readonly List<TablePlan> _plans;
    private readonly List<int>[] _parents;
    private readonly int[] _index;
    private readonly int[] _low;
    private readonly int[] _rank;
    private readonly bool[] _onStack;
    private readonly Stack<int> _stack = new();
    private int _next = 1;

    private ForeignKeyOrder(List<TablePlan> plans, DatabaseSchema central)
    {
        _plans = plans;
        _parents = [.. plans.Select(p => Parents(p, central))];
        _index = new int[plans.Count];
        _low = new int[plans.Count];
        _rank = new int[plans.Count];
        _onStack = new bool[plans.Count];
    }

    /// <summary>The plans with their ranks, by rank, then priority, then name.</summary>
    public static IReadOnlyList<TablePlan> Sort(List<TablePlan> plans, DatabaseSchema central)
    {
        var order = new ForeignKeyOrder(plans, central);
        for (var i = 0; i < plans.Count; i++)
            if (order._index[i] == 0)
                order.Visit(i);
        return [.. plans.Select((p, i) => p with { Rank = order._rank[i] }).OrderBy(p => p.Rank).ThenBy(p => p.Entry.Priority).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A component closes after every component it points at, so its parents' ranks are known by then.</summary>
    private void Visit(int table)
    {
        _index[table] = _low[table] = _next++;
        _stack.Push(table);
        _onStack[table] = true;
        foreach (var parent in _parents[table])
        {
            if (_index[parent] == 0)
            {
                Visit(parent);
                _low[table] = Math.Min(_low[table], _low[parent]);
            }
            else if (_onStack[parent])
                _low[table] = Math.Min(_low[table], _index[parent]);
        }
        if (_low[table] == _index[table])
            Close(table);
    }

    private void Close(int root)
    {
        var members = new List<int>();
        do
        {
            members.Add(_stack.Pop());
            _onStack[members[^1]] = false;
        }
        while (members[^1] != root);
        var rank = members.SelectMany(m => _parents[m]).Except(members).Select(p => _rank[p] + 1).DefaultIfEmpty(0).Max();
        foreach (var member in members)
            _rank[member] = rank;
    }

    private List<int> Parents(TablePlan plan, DatabaseSchema central) =>
    [
        .. plan.Terminal.ForeignKeys.Select(f => _plans.FindIndex(p => References.Same(p.Name, f.ParentTable)))
            .Concat(plan.Central.ForeignKeys.Select(f => _plans.FindIndex(p => References.IsCentral(p, f, central))))
            .Where(i => i >= 0 && !ReferenceEquals(_plans[i], plan))
            .Distinct(),
    ];
}
