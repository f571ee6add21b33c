namespace PayFlow.Admin.Sample;

/// <summary>How big a sample chain is. Variants and stock levels come on top: a few per article that has sizes, one per article and till.</summary>
public sealed record SampleSize(int Products, int Customers, int Stores = 2, int Tills = 3)
{
    /// <summary>Enough to look at: for tests.</summary>
    public static SampleSize Small { get; } = new(Products: 120, Customers: 80);

    /// <summary>What the demo shows: a small chain's real catalogue.</summary>
    public static SampleSize Standard { get; } = new(Products: 2_500, Customers: 4_000);
}
