using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What the list of conflicts shows.</summary>
/// <param name="Conflicts">The page.</param>
/// <param name="OpenByTable">Open conflicts of the filter, whatever its table and kind, by table.</param>
/// <param name="Terminals">To choose from.</param>
/// <param name="Tables">To choose from.</param>
internal sealed record ConflictList(Page<Conflict> Conflicts, IReadOnlyList<(string Table, long Count)> OpenByTable, IReadOnlyList<string> Terminals, IReadOnlyList<string> Tables)
{
    public static ConflictList Empty { get; } = new(new Page<Conflict>([], 0), [], [], []);
}
