namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Something that somebody does to a terminal's queue by hand, for the audit.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, such as <c>queue.discard</c>.</param>
/// <param name="Table">The terminal's table; null for all.</param>
/// <param name="Key">The row's key in the terminal; null for many.</param>
/// <param name="Detail">A JSON object: the reason, the row's image, whatever is needed to undo it by hand.</param>
public sealed record ManualAction(string Actor, string Action, string? Table, string? Key, string Detail);
