using System.Globalization;
using PayFlow.Faults.Kinds;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Matrix;

/// <summary>What the command line asks for.</summary>
internal sealed record FaultOptions
{
    public static string Usage { get; } = $"""
        usage: ./payflow faults [--seeds N] [--first S] [--fault NAME] [--workers N] [--report FILE] [--keep FOLDER]
          --seeds N      how many made-up chains (50); they take turns through the faults
          --first S      the first one's number (1): the same number is the same chain with the same history
          --fault NAME   this fault alone: {string.Join(", ", FaultKind.All.Select(k => k.Name))}
          --workers N    how many at a time (2), each with a PostgreSQL server of its own
          --report FILE  writes the table into this Markdown file, between its two marks
          --keep FOLDER  where the files of a failing seed go (artifacts/faults)
        """;

    public int Seeds { get; init; } = 50;

    public int First { get; init; } = 1;

    public FaultKind? Fault { get; init; }

    public int Workers { get; init; } = 2;

    public string? Report { get; init; }

    public string Keep { get; init; } = Path.Combine("artifacts", "faults");

    /// <summary>Not to be had from the command line: tests break the engine to see that it is noticed.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>The fault whose turn it is.</summary>
    public FaultKind KindOf(int seed) => Fault ?? FaultKind.All[seed % FaultKind.All.Count];

    /// <summary>Reads the arguments; null when they ask for help.</summary>
    /// <exception cref="SyncException">An argument that is not known, or has no value.</exception>
    public static FaultOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new FaultOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, given) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            if (name is "--help" or "-h" or "-?")
                return null;
            if (name is not ("--seeds" or "--first" or "--fault" or "--workers" or "--report" or "--keep"))
                throw Bad($"faults does not know {name}");
            var value = given ?? (++i < arguments.Count ? arguments[i] : throw Bad($"{name} needs a value"));
            options = name switch
            {
                "--seeds" => options with { Seeds = Number(name, value) },
                "--first" => options with { First = Number(name, value) },
                "--workers" => options with { Workers = Number(name, value) },
                "--fault" => options with { Fault = FaultKind.Find(value) ?? throw Bad($"There is no fault {value}") },
                "--report" => options with { Report = value },
                _ => options with { Keep = value },
            };
        }
        return options;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Bad($"{name} {text} is no number above zero");

    private static SyncException Bad(string message) => new(SyncErrorCode.InvalidConfiguration, message, Usage);
}
