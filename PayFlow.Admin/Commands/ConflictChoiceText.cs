using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Commands;

/// <summary>A decision as it is typed: <c>--take central</c>, <c>--set phone=123</c>, <c>--field name=terminal</c>.</summary>
internal static class ConflictChoiceText
{
    /// <exception cref="SyncException">Nothing was chosen, or something is not understood.</exception>
    public static ConflictChoice Read(string? take, IReadOnlyList<string> set, IReadOnlyList<string> fields)
    {
        var choices = new Dictionary<string, FieldChoice>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in set)
        {
            var (name, value) = Split("--set", text, "--set phone=123");
            Add(choices, name, FieldChoice.Of(CellValue.Of(value)));
        }
        foreach (var text in fields)
        {
            var (name, word) = Split("--field", text, "--field phone=terminal");
            Add(choices, name, word.ToLowerInvariant() switch
            {
                "terminal" => new FieldChoice(FieldSource.Terminal),
                "central" => new FieldChoice(FieldSource.Central),
                "base" => new FieldChoice(FieldSource.Base),
                "null" => FieldChoice.Of(CellValue.Null),
                _ => throw Wrong($"--field {text}: '{word}' is neither terminal, central, base nor null", $"A value of your own is given with --set {name}=VALUE."),
            });
        }
        var side = Side(take);
        return side is null && choices.Count == 0
            ? throw Wrong("Nothing was decided", "Give --take terminal or --take central, or single fields with --field NAME=terminal|central|base|null and --set NAME=VALUE.")
            : new ConflictChoice { Take = side, Fields = choices };
    }

    private static ConflictSide? Side(string? take) => take?.ToLowerInvariant() switch
    {
        null => null,
        "terminal" => ConflictSide.Terminal,
        "central" => ConflictSide.Central,
        "keep" => ConflictSide.Keep,
        "delete" => ConflictSide.Delete,
        _ => throw Wrong($"--take {take}: that is no side", "Use terminal or central; keep or delete where one side deleted the row."),
    };

    private static void Add(Dictionary<string, FieldChoice> choices, string name, FieldChoice choice)
    {
        if (!choices.TryAdd(name, choice))
            throw Wrong($"{name} was given twice", "Give each field once.");
    }

    private static (string Name, string Value) Split(string option, string text, string example)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (text[..at].Trim(), text[(at + 1)..]) : throw Wrong($"{option} {text} is not of the form name=value", $"Write, for example, {example}.");
    }

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message, hint);
}
