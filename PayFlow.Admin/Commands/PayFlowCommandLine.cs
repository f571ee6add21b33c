using System.CommandLine;
using System.CommandLine.Help;

namespace PayFlow.Admin.Commands;

/// <summary>The program as it is called: <c>payflow VERB --option value</c>.</summary>
public static class PayFlowCommandLine
{
    /// <summary>Runs one verb to its end.</summary>
    /// <param name="args">Verb and options.</param>
    /// <param name="output">Results; with <c>--json</c> one document and nothing else.</param>
    /// <param name="error">Errors, hints and progress.</param>
    /// <param name="environment">Gives a variable's value, or null.</param>
    /// <param name="cancellationToken">Ends the verb at its next safe place.</param>
    /// <returns>0 done, 1 failed, 2 wrong use, 3 the two sides differ, 4 done with conflicts or failed rows, 5 refused by the host, 130 ended by <paramref name="cancellationToken"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Func<string, string?> environment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(environment);
        var runner = new CommandRunner(output, error, environment);
        var root = Root(runner);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
            return runner.Refuse(parsed, root);
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is not HelpAction)
            return await parsed.InvokeAsync(configuration, cancellationToken);
        // Help takes the name of the file that runs for the program's.
        using var help = new StringWriter { NewLine = output.NewLine };
        configuration.Output = help;
        var code = await parsed.InvokeAsync(configuration, cancellationToken);
        await output.WriteAsync(help.ToString().Replace(RootCommand.ExecutableName, "payflow", StringComparison.Ordinal));
        return code;
    }

    private static RootCommand Root(CommandRunner runner)
    {
        var root = new RootCommand("PayFlow Sync keeps the SQLite databases of tills and one central PostgreSQL in step.")
        {
            new DemoVerb(runner),
            new ServeVerb(runner),
            new AttachVerb(runner),
            new DetachVerb(runner),
            new ProvisionVerb(runner),
            new SchemaVerb(runner),
            new BootstrapVerb(runner),
            new SyncVerb(runner),
            new StatusVerb(runner),
            new RunsVerb(runner),
            new RollbackVerb(runner),
            new ConflictsVerb(runner),
            new QueueVerb(runner),
            new VerifyVerb(runner),
            new RepairVerb(runner),
            new AgentVerb(runner),
            new TerminalsVerb(runner),
        };
        root.Add(runner.Options.Central);
        root.Add(runner.Options.Data);
        root.Add(runner.Options.Json);
        root.Add(runner.Options.Verbose);
        return root;
    }
}
