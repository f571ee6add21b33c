using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>One terminal of a test.</summary>
internal sealed record Till(string Id, TerminalFile File, TerminalSync Sync, Func<Task> Settled)
{
    public void Execute(string sql) => File.Execute(sql);

    public object? Scalar(string sql) => File.Scalar(sql);

    /// <summary>The first column of all rows, as text.</summary>
    public List<string?> Texts(string sql) => [.. File.Rows(sql).Select(r => Convert.ToString(r[0], System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Syncs when everything that was committed in central so far can be read: other tests' transactions on the same server hold the horizon back, too.</summary>
    public async Task<RunReport> SyncAsync()
    {
        await Settled();
        return await Sync.RunAsync();
    }
}
