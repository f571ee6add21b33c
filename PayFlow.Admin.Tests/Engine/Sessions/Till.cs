using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>One terminal of a test.</summary>
internal sealed record Till(string Id, TerminalFile File, TerminalSync Sync)
{
    public void Execute(string sql) => File.Execute(sql);

    public Task<RunReport> SyncAsync() => Sync.RunAsync();
}
