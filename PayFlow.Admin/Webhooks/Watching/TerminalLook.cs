using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>What a look at all terminals has found.</summary>
/// <param name="At">When.</param>
/// <param name="Silent">Terminals that should have been heard of, and since when.</param>
/// <param name="Full">Terminals whose queue is beyond its limit, or not clearly below it yet, with its open rows.</param>
internal sealed record TerminalLook(DateTimeOffset At, IReadOnlyList<(TerminalRow Row, DateTimeOffset Since)> Silent, IReadOnlyList<(TerminalRow Row, long Open)> Full);
