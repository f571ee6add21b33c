using System.CommandLine;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary><c>--attribute NAME=VALUE</c>: what row filters may name of a terminal.</summary>
internal static class AttributeOption
{
    public static Option<string[]> Option { get; } = new("--attribute")
    {
        Description = "What row filters may name, such as store_id=S1 for {terminal.store_id}; may be given several times. All that the terminal has are replaced.",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>All that were given; null when none was.</summary>
    /// <exception cref="SyncException">One is malformed, has no value, or was given twice.</exception>
    public static Dictionary<string, string>? Read(Invocation call)
    {
        var given = call.Get(Option) ?? [];
        if (given.Length == 0)
            return null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--attribute {text} is not of the form name=value", "Write, for example, --attribute store_id=S1.");
            // An unset variable of a script would leave the till without the rows that it has.
            if (string.IsNullOrWhiteSpace(text[(at + 1)..]))
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--attribute {text} has no value", "Write, for example, --attribute store_id=S1; leave out what the terminal is not to have.");
            if (!attributes.TryAdd(text[..at].Trim(), text[(at + 1)..]))
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--attribute {text[..at].Trim()} was given twice", "Give each name once.");
        }
        return attributes;
    }
}
