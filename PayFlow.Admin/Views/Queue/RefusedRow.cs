namespace PayFlow.Admin.Views.Queue;

/// <summary>A row to which something could not be done.</summary>
/// <param name="Row">As people name it: <c>orders/17</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Hint">What to do about it; may be null.</param>
public sealed record RefusedRow(string Row, string Reason, string? Hint);
