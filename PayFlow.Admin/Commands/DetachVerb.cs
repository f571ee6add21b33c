using System.CommandLine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow detach</c>: makes a terminal an ordinary file again.</summary>
internal sealed class DetachVerb : Verb
{
    private static readonly Option<bool> Force = new("--force") { Description = "Also when the till holds changes that central does not have." };

    public DetachVerb(CommandRunner runner)
        : base("detach", "Take a till out of service: remove the capture from its file. Its rows stay.", runner, runner.Options.Sqlite, runner.Options.Terminal, Force)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        TerminalFile.RequireAttached(call, path);
        await using var central = await call.OpenCentralAsync();
        var (terminal, isCopy) = await new Attachment(central.Source).DetachAsync(path, call.Get(Force), call.Cancelled);
        call.Output.Json(new { ok = true, terminal, isCopy, file = Path.GetFullPath(path) });
        call.Output.Line(isCopy
            ? $"{path} was a copy of terminal {terminal}'s file and is an ordinary one now, with its rows as they were. Terminal {terminal} goes on with its own file; to end it, detach that one, or the terminal in the console."
            : $"Terminal {terminal} is detached; the rows of {path} are as they were.");
        return ExitCode.Done;
    }
}
