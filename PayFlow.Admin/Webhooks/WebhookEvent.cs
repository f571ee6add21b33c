namespace PayFlow.Admin.Webhooks;

/// <summary>A kind of event that other systems can be told of; docs/webhooks.md says what each carries.</summary>
/// <param name="Type">As payloads name it.</param>
/// <param name="Meaning">For people.</param>
internal sealed record WebhookEvent(string Type, string Meaning)
{
    public const string RunFinished = "run.finished";
    public const string RunFailed = "run.failed";
    public const string ConflictOpened = "conflict.opened";
    public const string ConflictResolved = "conflict.resolved";
    public const string DeadLetter = "row.dead_letter";
    public const string Silent = "terminal.silent";
    public const string QueueOver = "queue.over_limit";
    public const string RowsChanged = "rows.changed";

    /// <summary>What a test sends; nobody subscribes to it.</summary>
    public const string Test = "webhook.test";

    /// <summary>All that a webhook can ask for.</summary>
    public static IReadOnlyList<WebhookEvent> All { get; } =
    [
        new(RunFinished, "A run has ended; some of its rows may have been refused"),
        new(RunFailed, "A run could not be done"),
        new(ConflictOpened, "A row waits for a decision"),
        new(ConflictResolved, "A conflict was decided, or is none any more"),
        new(DeadLetter, "Central has refused a row for the last time"),
        new(Silent, "A terminal has missed its times"),
        new(QueueOver, "A terminal's queue is longer than its limit"),
        new(RowsChanged, "Rows of a table have changed in central"),
    ];
}
