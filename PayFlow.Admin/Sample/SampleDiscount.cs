namespace PayFlow.Admin.Sample;

/// <summary>A discount on a whole sale: percent, or an amount.</summary>
internal sealed record SampleDiscount(string Id, bool IsPercent, decimal Value)
{
    public decimal On(decimal subtotal) => IsPercent ? Math.Round(subtotal * Value / 100, 2) : Math.Min(Value, subtotal);
}
