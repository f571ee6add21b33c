namespace PayFlow.Admin.Sample;

/// <summary>What one customer buys. Prices include tax; every amount has two decimals, so that a till's doubles give it back exactly.</summary>
internal sealed record SampleBasket(IReadOnlyList<SampleLine> Lines, SampleDiscount? Discount)
{
    public decimal Subtotal => Lines.Sum(l => l.Total);

    public decimal DiscountTotal => Discount?.On(Subtotal) ?? 0m;

    public decimal Total => Subtotal - DiscountTotal;

    public decimal TaxTotal
    {
        get
        {
            var paid = Total / Subtotal;
            return Lines.Sum(l => Math.Round(l.Total * paid * l.Goods.TaxRate / (100 + l.Goods.TaxRate), 2));
        }
    }

    public static SampleBasket Draw(Random random, SampleShop shop)
    {
        var lines = new SampleLine[random.Next(1, 6)];
        for (var i = 0; i < lines.Length; i++)
        {
            var goods = random.Pick(shop.Goods);
            var quantity = random.Chance(75) ? 1 : random.Next(2, 6);
            var discount = random.Chance(8) ? Math.Round(quantity * goods.Price * random.Next(5, 30) / 100, 2) : 0m;
            lines[i] = new SampleLine(goods, quantity, discount);
        }
        return new SampleBasket(lines, shop.Discounts.Count > 0 && random.Chance(10) ? random.Pick(shop.Discounts) : null);
    }

    /// <summary>How it is paid: mostly at once, now and then partly with a gift card.</summary>
    public IReadOnlyList<SamplePayment> Pay(Random random)
    {
        if (Total > 10 && random.Chance(8))
            return [new("GIFT_CARD", 10m, $"GC{random.Next(100_000, 999_999)}"), new("CARD", Total - 10m, $"AUTH{random.Next(100_000, 999_999)}")];
        return random.Chance(40) ? [new("CASH", Total, null)] : [new("CARD", Total, $"AUTH{random.Next(100_000, 999_999)}")];
    }
}
