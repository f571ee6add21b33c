using PayFlow.Admin.Views.Values;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What has changed between two looks at a conflict.</summary>
internal sealed class MovedSides
{
    private readonly Dictionary<string, List<string>> _byField = new(StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _sentences = [];

    /// <summary>One for each side that changed, and one when it was decided.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>What changed of one field: "central: 3 → 4".</summary>
    public IReadOnlyList<string> Of(string field) => _byField.TryGetValue(field, out var moves) ? moves : [];

    public static MovedSides Find(ConflictDetail before, ConflictDetail now)
    {
        var moved = new MovedSides();
        moved.Compare($"Terminal {now.Terminal}", "terminal", before.TerminalRow, now.TerminalRow);
        // Once it is decided, central's row differs because of that.
        if (now.State == ConflictState.Open)
            moved.Compare("Central", "central", FieldSorting.CentralNow(before), FieldSorting.CentralNow(now));
        else if (before.State == ConflictState.Open)
            moved._sentences.Add($"It was decided meanwhile, by {now.ResolvedBy}: {ConflictWords.Resolution(now.Resolution)}.");
        return moved;
    }

    private void Compare(string side, string word, IReadOnlyDictionary<string, CellValue>? before, IReadOnlyDictionary<string, CellValue>? now)
    {
        if (before is null || now is null)
        {
            if (before is null != now is null)
                _sentences.Add(now is null ? $"{side} has deleted the row since you looked." : $"{side} has the row again since you looked.");
            return;
        }
        var changed = now.Where(n => before.TryGetValue(n.Key, out var was) && was != n.Value).ToList();
        if (changed.Count == 0)
            return;
        foreach (var (name, value) in changed)
        {
            if (!_byField.TryGetValue(name, out var moves))
                _byField.Add(name, moves = []);
            moves.Add($"{word}: {ValueText.Short(before[name])} → {ValueText.Short(value)}");
        }
        _sentences.Add($"{side} has changed {string.Join(", ", changed.Select(c => c.Key))} since you looked.");
    }
}
