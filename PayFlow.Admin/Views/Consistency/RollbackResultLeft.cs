namespace PayFlow.Admin.Views.Consistency;

/// <summary>A row that stays as it is, and why.</summary>
public sealed record RollbackResultLeft(string Side, string Table, string Key, string Reason);
