using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue show</c></summary>
internal sealed class QueueShowVerb : Verb
{
    private readonly QueueRowArguments _row = new();

    public QueueShowVerb(CommandRunner runner)
        : base("show", "Show a row that waits: its values, what was agreed on before, and why it waits. Needs no central.", runner, runner.Options.Sqlite)
    {
        _row.AddTo(this);
    }

    protected override Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var terminal = TerminalFile.RequireAttached(call, path);
        var (table, key) = _row.Require(call);
        var row = QueueReading.Show(path, table, key);
        call.Output.Json(new { ok = true, terminal, entry = row.Entry, row = PlainValue.Of(row.Row), @base = PlainValue.Of(row.Base) });
        QueueText.Show(call.Output, terminal, path, row);
        return Task.FromResult(ExitCode.Done);
    }
}
