namespace PayFlow.Admin.Views.Queue;

/// <summary>What became of rows that something was done to.</summary>
/// <param name="Done">In words, one for each row: "orders/17 is due at the next sync".</param>
/// <param name="Refused">Those that stay as they are.</param>
public sealed record QueueActionResult(IReadOnlyList<string> Done, IReadOnlyList<RefusedRow> Refused);
