using System.CommandLine;
using System.Text.RegularExpressions;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary>Runs a verb, and turns whatever happens into an exit code and lines that a person can read.</summary>
internal sealed partial class CommandRunner(TextWriter output, TextWriter error, Func<string, string?> environment)
{
    public CommonOptions Options { get; } = new();

    public async Task<int> RunAsync(ParseResult parsed, Func<Invocation, Task<int>> verb, CancellationToken cancellationToken)
    {
        var shown = new CommandOutput(output, error, parsed.GetValue(Options.Json));
        try
        {
            return await verb(new Invocation(parsed, Options, shown, environment, cancellationToken));
        }
        catch (Exception e) when (e is not (StackOverflowException or OutOfMemoryException))
        {
            return Report(e, shown, parsed.GetValue(Options.Verbose), cancellationToken);
        }
    }

    /// <summary>Says what is wrong with the command line itself.</summary>
    public int Refuse(ParseResult parsed, RootCommand root)
    {
        var shown = new CommandOutput(output, error, parsed.GetValue(Options.Json));
        var verb = parsed.CommandResult.Command;
        var hint = verb is RootCommand
            ? $"Verbs are {string.Join(", ", root.Subcommands.Select(c => c.Name))}; payflow --help tells more."
            : $"payflow {PathOf(verb)} --help lists its options.";
        var reason = verb is RootCommand && parsed.UnmatchedTokens is [var unknown, ..]
            ? $"There is no verb '{unknown}'"
            : InWords(parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.'));
        return Failures.Show(new SyncException(SyncErrorCode.InvalidConfiguration, reason, hint), shown, isVerbose: false);
    }

    // The parser names what it wanted as programs do: System.Int64.
    private static string InWords(string message) => NotParsed().Replace(message, m =>
        $"{(m.Groups["option"] is { Success: true } option ? option.Value + ": " : string.Empty)}'{m.Groups["text"].Value}' is {(m.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "no whole number" : "not understood")}");

    [GeneratedRegex("^Cannot parse argument '(?<text>.*?)' (for (option '(?<option>[^']*)'|command '[^']*') )?as expected type '?(?<type>[^']*)'?.*$")]
    private static partial Regex NotParsed();

    // "conflicts resolve", not "resolve".
    private static string PathOf(Command verb) =>
        string.Join(' ', verb.Parents.OfType<Command>().Where(c => c is not RootCommand).Select(c => c.Name).Append(verb.Name));

    private static int Report(Exception e, CommandOutput shown, bool isVerbose, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested || !IsCancellation(e))
            return Failures.Show(e, shown, isVerbose);
        shown.Note("payflow: stopped; everything up to the last batch is kept, and the next run goes on from there");
        if (shown.IsJson)
            shown.Json(new { ok = false, error = new { code = "Cancelled", message = "stopped", hint = "Run it again: it goes on from there." } });
        return ExitCode.Interrupted;
    }

    private static bool IsCancellation(Exception e) => e is OperationCanceledException || e.InnerException is { } inner && IsCancellation(inner);
}
