namespace PayFlow.Admin.Sample;

/// <summary>One line of a sale.</summary>
internal sealed record SampleLine(SampleGoods Goods, int Quantity, decimal Discount)
{
    public decimal Total => (Quantity * Goods.Price) - Discount;
}
