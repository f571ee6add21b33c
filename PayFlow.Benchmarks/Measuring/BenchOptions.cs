using System.Globalization;
using PayFlow.Sync.Engine;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        usage: ./payflow bench [--rows N] [--only NAME,NAME] [--central CONNECTION] [--json]
          --rows N     rows of the loads (200000); the others follow from it
          --only       first-push, first-pull, incremental-flatness, idle, capture-single, capture-bulk, peak-memory, verify, pages, open-pages
          --central    a PostgreSQL server to measure on, where databases may be created; a private one in a temporary folder when none is named
          --json       the results as JSON, and nothing else
        """;

    private const int FewestRows = 1_000;

    public int Rows { get; init; } = 200_000;

    public bool AsJson { get; init; }

    /// <summary>Measurements by name; all when empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public string? Central { get; init; }

    /// <summary>Reads the arguments; null when they ask for help.</summary>
    /// <exception cref="SyncException">An argument that is not known, or has no value.</exception>
    public static BenchOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, given) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            switch (name)
            {
                case "--help" or "-h" or "-?":
                    return null;
                case "--json":
                    options = options with { AsJson = true };
                    break;
                case "--rows":
                    options = options with { Rows = ParseRows(Value()) };
                    break;
                case "--only":
                    options = options with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) };
                    break;
                case "--central":
                    options = options with { Central = Value() };
                    break;
                default:
                    throw new SyncException(SyncErrorCode.InvalidConfiguration, $"bench does not know {name}", Usage);
            }

            string Value() => given ?? (++i < arguments.Count ? arguments[i] : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{name} needs a value", Usage));
        }
        return options;
    }

    private static int ParseRows(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= FewestRows
            ? rows
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--rows {text} is no number of at least {FewestRows}", Usage);
}
