using PayFlow.Faults.Chain;
using PayFlow.Faults.Kinds;

namespace PayFlow.Faults.Matrix;

/// <summary>What became of one seed.</summary>
internal sealed record SeedResult(int Seed, FaultKind Kind)
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>How often the fault struck, by where.</summary>
    public IReadOnlyDictionary<string, int> Hits { get; init; } = new Dictionary<string, int>();

    /// <summary>Its tills were elsewhere.</summary>
    public bool IsOverHttp { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Changes that were committed, at tills and in central.</summary>
    public int Changes { get; init; }

    /// <summary>Where its files are, when it failed.</summary>
    public string? Kept { get; init; }

    public bool Passed => Findings.Count == 0;

    public bool Has(FindingKind kind) => Findings.Any(f => f.Kind == kind);

    public override string ToString() => Passed
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Seed,6} {Kind.Name,-16} OK   {Duration.TotalSeconds:0.00} s, {Hits.Values.Sum()} hits")
        : $"""
        {Seed,6} {Kind.Name,-16} FAILED
               {string.Join("\n       ", Findings.Take(5))}
               replay: ./payflow faults{(IsOverHttp ? " --over http" : string.Empty)} --first {Seed} --seeds 1 --fault {Kind.Name}    log and files: {Kept}
        """;
}
