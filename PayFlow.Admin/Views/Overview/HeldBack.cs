namespace PayFlow.Admin.Views.Overview;

/// <summary>A transaction in central behind which nothing can be read yet: what commits later might stand before it.</summary>
/// <param name="Process">PostgreSQL's process.</param>
/// <param name="Since">When the transaction began.</param>
/// <param name="Application">Who it says it is.</param>
/// <param name="Statement">Its last statement, cut short.</param>
public sealed record HeldBack(int Process, DateTimeOffset Since, string? Application, string? Statement);
