namespace PayFlow.Benchmarks.Data;

/// <summary>Makes rows, the same ones for the same seed; their keys are uuids in random order.</summary>
internal static class SaleRows
{
    private static readonly DateTime FirstSale = new(2024, 1, 1, 8, 0, 0, DateTimeKind.Unspecified);

    private static readonly string[] Articles = ["Espresso", "Flat white", "Blueberry muffin", "Cheese sandwich", "Sparkling water 0.5 l", "Earl Grey", "Orange juice, fresh", "Brownie"];

    public static IEnumerable<SaleRow> Make(int count, int seed = 1)
    {
        // Not for secrets: a benchmark needs the same rows every time.
#pragma warning disable CA5394
        var random = new Random(seed);
        var uuid = new byte[16];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(uuid);
            yield return new SaleRow(
                new Guid(uuid).ToString(),
                Articles[random.Next(Articles.Length)],
                new decimal(random.Next(1, 10_000_000), 0, 0, isNegative: false, scale: 4),
                random.Next(1, 20),
                random.Next(10) > 0,
                FirstSale.AddMilliseconds(random.NextInt64(60_000_000_000)),
                random.Next(4) == 0 ? null : $"Till {random.Next(40)}, receipt {random.Next(1_000_000)}",
                random.NextInt64(1L << 53));
        }
#pragma warning restore CA5394
    }
}
