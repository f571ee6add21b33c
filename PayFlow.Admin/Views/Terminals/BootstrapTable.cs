namespace PayFlow.Admin.Views.Terminals;

/// <summary>What bootstrap does with the rows of one table.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Read">Rows that are compared.</param>
/// <param name="Inserted">Rows that central lacks, and gets.</param>
/// <param name="Updated">Rows that central has otherwise, and that are changed there.</param>
/// <param name="Unchanged">Rows that both have: they are linked.</param>
/// <param name="Conflicts">Rows that both have, and that somebody or the policy has to decide.</param>
/// <param name="Failed">Rows that central refuses.</param>
public sealed record BootstrapTable(string Table, long Read, long Inserted, long Updated, long Unchanged, long Conflicts, long Failed);
