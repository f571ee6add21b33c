namespace PayFlow.Admin.Sample;

/// <summary>One shelf of a shop: what stands there, in what packs, at what prices; <paramref name="Sizes"/> where an article comes in sizes.</summary>
internal sealed record SampleShelf(
    string Department,
    string Name,
    string Prefix,
    string TaxCode,
    decimal Lowest,
    decimal Highest,
    IReadOnlyList<string> Articles,
    IReadOnlyList<string> Packs,
    IReadOnlyList<string>? Sizes = null)
{
    private static readonly string[] Clothes = ["S", "M", "L", "XL"];

    public static IReadOnlyList<SampleShelf> All { get; } =
    [
        new("Groceries", "Coffee & Tea", "COF", "LOW", 1.89m, 14.50m, ["Espresso Beans", "Filter Coffee", "Decaf Coffee", "Earl Grey", "Green Tea", "Rooibos", "Hot Chocolate"], ["250 g", "500 g", "1 kg", "20 bags"]),
        new("Groceries", "Pasta & Rice", "PAS", "LOW", 0.79m, 4.90m, ["Spaghetti", "Penne Rigate", "Fusilli", "Basmati Rice", "Risotto Rice", "Couscous", "Egg Noodles"], ["400 g", "500 g", "1 kg"]),
        new("Groceries", "Sauces & Oils", "SAU", "LOW", 1.19m, 12.90m, ["Tomato Passata", "Pesto Genovese", "Olive Oil", "Sunflower Oil", "Soy Sauce", "Mayonnaise", "Wholegrain Mustard"], ["250 ml", "500 ml", "750 ml"]),
        new("Groceries", "Sweets & Snacks", "SNA", "LOW", 0.69m, 5.50m, ["Dark Chocolate", "Milk Chocolate", "Sea Salt Crisps", "Paprika Crisps", "Roasted Almonds", "Oat Biscuits", "Liquorice", "Wine Gums"], ["90 g", "150 g", "200 g", "300 g"]),
        new("Fresh", "Dairy", "DAI", "LOW", 0.85m, 8.90m, ["Whole Milk", "Semi-skimmed Milk", "Greek Yoghurt", "Young Cheese", "Matured Cheese", "Butter", "Crème fraîche"], ["200 g", "250 g", "500 g", "1 l"]),
        new("Fresh", "Bakery", "BAK", "LOW", 0.55m, 4.75m, ["Sourdough Loaf", "Wholemeal Bread", "Baguette", "Croissant", "Raisin Bun", "Apple Turnover"], ["1 pc", "2 pcs", "4 pcs"]),
        new("Drinks", "Soft Drinks", "SOF", "LOW", 0.75m, 7.95m, ["Cola", "Orange Lemonade", "Tonic Water", "Ginger Beer", "Sparkling Water", "Still Water", "Iced Tea"], ["330 ml", "500 ml", "1.5 l", "6 x 330 ml"]),
        new("Drinks", "Beer & Wine", "ALC", "STD", 1.09m, 24.90m, ["Pilsner", "Pale Ale", "Alcohol-free Lager", "Pinot Grigio", "Merlot", "Rosé", "Prosecco"], ["330 ml", "750 ml", "6 x 330 ml"]),
        new("Household", "Cleaning", "CLE", "STD", 0.99m, 11.90m, ["All-purpose Cleaner", "Dish Soap", "Laundry Liquid", "Dishwasher Tablets", "Kitchen Roll", "Toilet Paper"], ["500 ml", "1 l", "30 pcs", "8 rolls"]),
        new("Household", "Kitchen", "KIT", "STD", 2.49m, 59.90m, ["Frying Pan", "Chef's Knife", "Mixing Bowl", "Cutting Board", "Storage Jar", "Measuring Jug", "Tea Towel"], ["small", "medium", "large", "set of 2"]),
        new("Care", "Personal Care", "CAR", "STD", 1.29m, 15.90m, ["Shampoo", "Conditioner", "Shower Gel", "Hand Cream", "Toothpaste", "Deodorant", "Sun Lotion SPF 30"], ["75 ml", "200 ml", "250 ml", "400 ml"]),
        new("Clothing", "Basics", "CLO", "STD", 6.95m, 49.95m, ["T-shirt", "Crew Socks", "Hooded Sweater", "Rain Jacket", "Linen Shirt", "Wool Scarf"], ["black", "white", "navy", "olive", "burgundy"], Clothes),
        new("Stationery", "Paper & Pens", "PAP", "STD", 0.95m, 18.50m, ["Notebook", "Fineliner", "Gift Wrap", "Envelopes", "Sketch Pad", "Highlighters"], ["A5", "A4", "pack of 5", "pack of 10"]),
        new("Stationery", "Press & Books", "PRS", "LOW", 1.50m, 29.99m, ["Crossword Book", "City Map", "Cookbook", "Children's Book", "Pocket Diary"], ["paperback", "hardback"]),
    ];
}
