using System.Globalization;
using PayFlow.Faults.Kinds;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Matrix;

/// <summary>What the command line asks for.</summary>
internal sealed record FaultOptions
{
    public static string Usage { get; } = $"""
        usage: ./payflow faults [--seeds N] [--first S] [--over http] [--fault NAME] [--workers N] [--report FILE] [--keep FOLDER]
          --seeds N      how many made-up chains (50); they take turns through the faults,
                         so that each has one where there are at least as many seeds as faults (20 over http)
          --first S      the first one's number (1): the same number is the same chain with the same history
          --over http    the tills reach central by a host and a bad line, instead of being files beside it
          --fault NAME   this fault alone: {string.Join(", ", FaultKind.All.Where(k => !k.NeedsLine).Select(k => k.Name))};
                         over http also: {string.Join(", ", FaultKind.All.Where(k => k.NeedsLine).Select(k => k.Name))}
          --workers N    how many at a time (2), each with a PostgreSQL server of its own
          --report FILE  writes the table into this Markdown file, between its two marks
          --keep FOLDER  where the files of a failing seed go (artifacts/faults)
        """;

    public int Seeds { get; init; } = 50;

    public int First { get; init; } = 1;

    /// <summary>The tills are elsewhere, and reach central by a host.</summary>
    public bool IsOverHttp { get; init; }

    public FaultKind? Fault { get; init; }

    public int Workers { get; init; } = 2;

    public string? Report { get; init; }

    public string Keep { get; init; } = Path.Combine("artifacts", "faults");

    /// <summary>Not to be had from the command line: tests break the engine to see that it is noticed.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>The faults that take turns.</summary>
    public IReadOnlyList<FaultKind> Kinds => IsOverHttp ? FaultKind.All : FaultKind.Attached;

    /// <summary>The fault whose turn it is.</summary>
    public FaultKind KindOf(int seed) => Fault ?? Kinds[seed % Kinds.Count];

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
            if (name is not ("--seeds" or "--first" or "--fault" or "--workers" or "--report" or "--keep" or "--over"))
                throw Bad($"faults does not know {name}");
            var value = given ?? (++i < arguments.Count ? arguments[i] : throw Bad($"{name} needs a value"));
            options = name switch
            {
                "--seeds" => options with { Seeds = Number(name, value) },
                "--first" => options with { First = Number(name, value) },
                "--workers" => options with { Workers = Number(name, value) },
                "--fault" => options with { Fault = FaultKind.Find(value) ?? throw Bad($"There is no fault {value}") },
                "--over" => options with { IsOverHttp = value is "http" ? true : throw Bad($"--over {value}: there is only --over http") },
                "--report" => options with { Report = value },
                _ => options with { Keep = value },
            };
        }
        return options is { Fault: { NeedsLine: true } fault, IsOverHttp: false } ? throw Bad($"--fault {fault.Name} needs --over http") : options;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Bad($"{name} {text} is no number above zero");

    private static SyncException Bad(string message) => new(SyncErrorCode.InvalidConfiguration, message, Usage);
}
