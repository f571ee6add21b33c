namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>How one staged row stands to central's row. The four strings have one character a column, <c>1</c> where the statement is true.</summary>
/// <param name="Found">Central has the row.</param>
/// <param name="IsDelete">The terminal deleted it.</param>
/// <param name="HasBase">The last agreed state is known.</param>
/// <param name="ChangedInTerminal">The terminal's value is not the base's.</param>
/// <param name="ChangedInCentral">Central's value is not the base's.</param>
/// <param name="Differs">The terminal's value is not central's.</param>
/// <param name="Adds">The terminal's change is added to central's value: an additive column, all of whose values are known.</param>
/// <param name="IsMarkedInCentral">Central's row is marked as deleted.</param>
/// <param name="IsRevived">The terminal took the mark of a deleted row away.</param>
/// <param name="TerminalIsNewer">By the timestamp columns of both rows.</param>
/// <param name="IsLinked">The table's old rows were compared, and this one is not without any key of central's: if central lacks it, it was deleted there.</param>
/// <param name="TouchedInCentral">Where no base is known: somebody else changed central's row since the terminal last looked; null when nobody can tell.</param>
internal readonly record struct RowComparison(
    bool Found,
    bool IsDelete,
    bool HasBase,
    string ChangedInTerminal,
    string ChangedInCentral,
    string Differs,
    string Adds,
    bool IsMarkedInCentral,
    bool IsRevived,
    bool TerminalIsNewer,
    bool IsLinked,
    bool? TouchedInCentral);
