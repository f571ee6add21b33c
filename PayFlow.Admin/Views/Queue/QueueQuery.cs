using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Which rows of which terminal's queue, as an address says it.</summary>
internal sealed record QueueQuery
{
    /// <summary>States to choose from, with their words.</summary>
    public static readonly IReadOnlyList<(string Status, string Words)> States =
    [
        ("PENDING", "pending"), ("SYNCING", "on the way"), ("FAILED", "failed, dead letters too"), (QueueFilter.DeadLetter, "dead letters"), ("CONFLICT", "in conflict"), (QueueFilter.SetAside, "set aside on the way down"),
    ];

    public string? Terminal { get; init; }

    public string? Status { get; init; }

    public string? Table { get; init; }

    /// <summary>The row's key begins with it.</summary>
    public string? Key { get; init; }

    /// <summary>Shows all rows of the terminal.</summary>
    public bool IsEmpty => this with { Terminal = null } == new QueueQuery();

    public QueueFilter Filter => new() { Status = Text(Status)?.ToUpperInvariant(), Table = Text(Table), KeyPrefix = Text(Key) };

    private static string? Text(string? text) => QueryText.Term(text);
}
