namespace PayFlow.Admin.Views.Consistency;

/// <summary>One table of a side in a rollback.</summary>
/// <param name="Side"><c>central</c> or <c>terminal</c>.</param>
/// <param name="Table">The terminal's name of it.</param>
/// <param name="Inserted">Rows that the run had deleted.</param>
/// <param name="Updated">Rows that it had changed.</param>
/// <param name="Deleted">Rows that it had inserted, and that are removed.</param>
/// <param name="AlreadyBack">Rows that stand as before already.</param>
/// <param name="Apart">Rows in which the two sides differ afterwards.</param>
/// <param name="Left">Rows that stay as they are.</param>
public sealed record RollbackResultTable(string Side, string Table, long Inserted, long Updated, long Deleted, long AlreadyBack, long Apart, long Left);
