using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue list</c></summary>
internal sealed class QueueListVerb : Verb
{
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many of either way.", HelpName = "N", DefaultValueFactory = _ => 50 };

    private readonly QueueOptions _options = new();

    public QueueListVerb(CommandRunner runner)
        : base("list", "List the rows that wait: on their way up, and set aside on their way down. Needs no central.", runner, runner.Options.Sqlite, Limit)
    {
        Options.Add(_options.InTable);
        Options.Add(_options.Status);
    }

    protected override Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var terminal = TerminalFile.RequireAttached(call, path);
        KnownNames.RequireTable(path, call.Get(_options.InTable));
        var limit = Math.Max(1, call.Get(Limit));
        var rows = QueueReading.List(path, _options.Read(call), limit + 1);
        var shown = rows.GroupBy(r => r.Status == QueueFilter.SetAside).SelectMany(g => g.Take(limit)).ToList();
        call.Output.Json(new { ok = true, terminal, rows = shown, isComplete = shown.Count == rows.Count });
        QueueText.List(call.Output, terminal, path, shown, shown.Count == rows.Count);
        return Task.FromResult(ExitCode.Done);
    }
}
