using System.CommandLine;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue edit</c></summary>
internal sealed class QueueEditVerb : Verb
{
    private static readonly Option<string[]> Set = new("--set") { Description = "A column's new value, such as --set total=9.50; may be given several times.", HelpName = "COLUMN=VALUE" };
    private static readonly Option<string[]> Null = new("--null") { Description = "A column that is to be empty; may be given several times.", HelpName = "COLUMN" };

    private readonly QueueRowArguments _row = new();

    public QueueEditVerb(CommandRunner runner)
        : base("edit", "Change a row that waits, at the till, as the POS program would: it is due again at once.", runner, runner.Options.Sqlite, Set, Null, Actor.Reason, Actor.As)
    {
        _row.AddTo(this);
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        TerminalFile.RequireAttached(call, path);
        var values = ReadValues(call);
        var (table, key) = _row.Require(call);
        await using var central = await call.OpenCentralAsync();
        await using (var session = await QueueSession.OpenAsync(path, new PostgresCentral(central.Source), "edit", cancellationToken: call.Cancelled))
            await new QueueEdit(session).ExecuteAsync(table, key, values, Actor.Of(call), call.Get(Actor.Reason), call.Cancelled);
        call.Output.Json(new { ok = true, table, key, values });
        call.Output.Line($"{table}/{key} is changed at the till, and due at once.");
        call.Output.Line($"next: payflow sync --sqlite {ShellWord.Of(path)}");
        return ExitCode.Done;
    }

    private static Dictionary<string, string?> ReadValues(Invocation call)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in call.Get(Set) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw Wrong($"--set {text} is not of the form column=value", "Write, for example, --set total=9.50.");
            Add(values, text[..at].Trim(), text[(at + 1)..]);
        }
        foreach (var column in call.Get(Null) ?? [])
            Add(values, column, null);
        return values.Count > 0 ? values : throw Wrong("Nothing was to be changed", "Give --set COLUMN=VALUE or --null COLUMN.");
    }

    private static void Add(Dictionary<string, string?> values, string column, string? value)
    {
        if (!values.TryAdd(column, value))
            throw Wrong($"{column} was given twice", "Give each column once.");
    }

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message, hint);
}
