namespace PayFlow.Benchmarks.Measuring;

/// <summary>One figure of the design, measured beside its floor.</summary>
internal interface IMeasurement
{
    string Name { get; }

    /// <summary>Measures; throws when the measured runs were not what they should be, for a broken run has no figure.</summary>
    Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context);
}
