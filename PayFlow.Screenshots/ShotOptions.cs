using PayFlow.Sync.Engine;

namespace PayFlow.Screenshots;

/// <summary>What the command line asks for.</summary>
/// <param name="Folder">Where the pictures go.</param>
/// <param name="Only">Pages by name; all when empty.</param>
/// <param name="IsNarrow">As on a telephone.</param>
internal sealed record ShotOptions(string Folder, IReadOnlyList<string> Only, bool IsNarrow)
{
    public const string Usage = """
        usage: ./payflow screenshots [--out FOLDER] [--only PAGE,PAGE] [--narrow]
          Makes a sample chain of its own, serves the console on loopback, and takes a picture of every main page, light and dark.
          --out      where the pictures go (docs/screenshots)
          --only     pages by name, such as overview,conflict
          --narrow   390 pixels wide, as on a telephone
        """;

    /// <exception cref="SyncException">An argument that is not known, or has no value.</exception>
    public static ShotOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ShotOptions(Path.Combine("docs", "screenshots"), [], IsNarrow: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--out" => options with { Folder = Value() },
                "--only" => options with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--narrow" => options with { IsNarrow = true },
                var other => throw new SyncException(SyncErrorCode.InvalidConfiguration, $"screenshots does not know {other}", Usage),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{arguments[i - 1]} needs a value", Usage);
        }
        return options;
    }
}
