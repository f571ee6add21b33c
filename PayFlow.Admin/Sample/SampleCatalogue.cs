namespace PayFlow.Admin.Sample;

/// <summary>
/// Everything the head office has before the first sale: the chain's master data, the same for the same size and seed.
/// Central is filled from it, and a till that is delivered with the catalogue takes its part from it.
/// </summary>
/// <param name="Tables">Parents first, rows of a table parents first.</param>
/// <param name="Tills">The tills that <c>terminals</c> names.</param>
public sealed record SampleCatalogue(IReadOnlyList<SampleTable> Tables, IReadOnlyList<SampleTill> Tills)
{
    /// <summary>Draws a chain. Does not depend on the clock: all of it was made before <see cref="SampleChain.Opening"/>.</summary>
    public static SampleCatalogue Generate(SampleSize size, int seed) => new SampleCatalogueBuilder(size, seed).Build();

    /// <summary>The rows of that table.</summary>
    /// <exception cref="ArgumentException">It is no master data table.</exception>
    public SampleTable Table(string name) => Tables.FirstOrDefault(t => t.Name == name) ?? throw new ArgumentException($"no master data in {name}", nameof(name));
}
