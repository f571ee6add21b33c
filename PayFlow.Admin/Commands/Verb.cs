using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary>One verb of the command line: its options, and what it does.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, CommandRunner runner, params ReadOnlySpan<Option> options)
        : base(name, description)
    {
        foreach (var option in options)
            Options.Add(option);
        SetAction((parsed, cancellationToken) => runner.RunAsync(parsed, RunAsync, cancellationToken));
    }

    /// <summary>Does it, and gives back the exit code.</summary>
    protected abstract Task<int> RunAsync(Invocation call);
}
