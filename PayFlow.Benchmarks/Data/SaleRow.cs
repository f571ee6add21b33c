namespace PayFlow.Benchmarks.Data;

/// <summary>One row of the table that everything is measured with.</summary>
internal sealed record SaleRow(string Id, string Article, decimal Amount, int Quantity, bool IsPaid, DateTime SoldAt, string? Note, long Number);
