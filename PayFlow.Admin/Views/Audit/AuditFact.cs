namespace PayFlow.Admin.Views.Audit;

/// <summary>One line of an entry: a value, or what became of one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">What it was; null where it was not there, or where nothing changed.</param>
/// <param name="After">What it is.</param>
/// <param name="IsChange">It is a change: both are shown, with an arrow.</param>
internal sealed record AuditFact(string Name, string? Before, string? After, bool IsChange);
