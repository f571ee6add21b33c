namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Puts parents before children, and leaves the order alone otherwise; in a circle, the first named goes first.</summary>
internal static class ParentsFirst
{
    public static List<T> Sort<T>(IReadOnlyList<T> items, Func<T, string> name, Func<T, IEnumerable<string>> parents)
    {
        var byName = items.ToDictionary(name, StringComparer.OrdinalIgnoreCase);
        var visited = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var sorted = new List<T>(items.Count);
        foreach (var item in items)
            Visit(item);
        return sorted;

        void Visit(T item)
        {
            if (!visited.Add(name(item)))
                return;
            foreach (var parent in parents(item))
            {
                if (byName.TryGetValue(parent, out var found))
                    Visit(found);
            }
            sorted.Add(item);
        }
    }
}
