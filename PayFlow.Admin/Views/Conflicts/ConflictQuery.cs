using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Which conflicts a list shows and in which order, as its address says it.</summary>
internal sealed record ConflictQuery
{
    public const string Resolved = "resolved";

    public const string All = "all";

    public const string OldestFirst = "oldest";

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    public string? Kind { get; init; }

    /// <summary><see cref="Resolved"/>, <see cref="All"/>, or anything else for those that are open.</summary>
    public string? State { get; init; }

    /// <summary>The row's key begins with it.</summary>
    public string? Key { get; init; }

    /// <summary>Found then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary><see cref="OldestFirst"/>, or anything else for the newest first.</summary>
    public string? Order { get; init; }

    public bool IsOldestFirst => Order == OldestFirst;

    /// <summary>Shows all open conflicts.</summary>
    public bool IsEmpty => this with { Order = null } == new ConflictQuery();

    public ConflictState? Wanted => State switch
    {
        Resolved => ConflictState.Resolved,
        All => null,
        _ => ConflictState.Open,
    };

    public ConflictFilter Filter => new() { Terminal = Text(Terminal), Table = Text(Table), Kind = Text(Kind), State = Wanted, KeyPrefix = Text(Key), Since = Since };

    private static string? Text(string? text) => QueryText.Term(text);
}
