namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>One DDL statement of a <see cref="ProvisionScript"/>.</summary>
/// <param name="Description">One line for people: <c>create table "Orders"</c>.</param>
/// <param name="Sql">The statement, without a closing semicolon.</param>
/// <param name="Table">The table it is about, by its name on the side that is changed.</param>
/// <param name="Column">The column it adds, or null.</param>
public sealed record ProvisionStatement(string Description, string Sql, string Table, string? Column = null);
