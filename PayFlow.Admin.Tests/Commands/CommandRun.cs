using System.Text.Json;
using PayFlow.Admin.Commands;

namespace PayFlow.Admin.Tests.Commands;

/// <summary>One call of the program, in this process, with an environment of its own.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the program; <c>NAME=value</c> before the verb sets a variable.</summary>
    public static async Task<CommandRun> OfAsync(params string[] words) => await OfAsync(CancellationToken.None, words);

    public static async Task<CommandRun> OfAsync(CancellationToken cancellationToken, params string[] words)
    {
        var variables = words.TakeWhile(w => w.Contains('=', StringComparison.Ordinal) && !w.StartsWith('-')).Select(w => w.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await PayFlowCommandLine.RunAsync([.. words.Skip(variables.Count)], output, error, variables.GetValueOrDefault, cancellationToken);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The lines of standard error.</summary>
    public string[] Lines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
