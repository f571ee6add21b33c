using System.Globalization;

namespace PayFlow.Admin.Sample;

/// <summary>A made-up article as it is written into <c>products</c>; <paramref name="Sku"/> is unique because its number is.</summary>
internal sealed record SampleArticle(SampleShelf Shelf, string Sku, string Barcode, string Name, string? Description, decimal Price, decimal CostPrice, int Stock, int ReorderLevel)
{
    public static SampleArticle Draw(Random random, int number)
    {
        var shelf = random.Pick(SampleShelf.All);
        var price = random.NextPrice(shelf.Lowest, shelf.Highest);
        var name = $"{random.Pick(SampleNames.Brands)} {random.Pick(shelf.Articles)} {random.Pick(shelf.Packs)}";
        return new SampleArticle(
            shelf,
            string.Create(CultureInfo.InvariantCulture, $"{shelf.Prefix}-{number:000000}"),
            random.NextBarcode(),
            name,
            random.Chance(35) ? $"{name}, from our {shelf.Name.ToLowerInvariant()} range" : null,
            price,
            Math.Round(price * random.Next(45, 75) / 100, 2),
            random.Next(0, 400),
            random.Next(5, 40));
    }
}
