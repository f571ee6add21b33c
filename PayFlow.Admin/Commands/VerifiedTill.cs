using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Commands;

/// <summary>The till of <c>verify</c> and <c>repair</c>: its file as named, or where central knows it to lie.</summary>
internal sealed class VerifiedTill : IAsyncDisposable
{
    private VerifiedTill(OpenedCentral central, string path, string terminal)
    {
        Central = central;
        Path = path;
        Terminal = terminal;
    }

    public OpenedCentral Central { get; }

    public string Path { get; }

    public string Terminal { get; }

    public static async Task<VerifiedTill> OpenAsync(Invocation call)
    {
        if (call.SqliteFile is { } named)
        {
            var attached = TerminalFile.RequireAttached(call, named);
            return new VerifiedTill(await call.OpenCentralAsync(), named, attached);
        }
        if (call.Terminal is not { } asked)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "No till was named", $"Give its SQLite file or its id: --sqlite FILE, --terminal ID, or {CommonOptions.SqliteVariable} in the environment.");
        var central = await call.OpenCentralAsync();
        try
        {
            var record = await new TerminalRegistry(central.Source).FindAsync(asked, call.Cancelled)
                ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {asked}", "payflow status lists all that it knows.") { Terminal = asked };
            var path = record.FilePath ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know where the file of terminal {asked} lies", "Name it: --sqlite FILE") { Terminal = asked };
            return new VerifiedTill(central, path, TerminalFile.RequireAttached(call, path));
        }
        catch
        {
            await central.DisposeAsync();
            throw;
        }
    }

    /// <summary>The tables of <c>--tables</c>; null for all.</summary>
    public static string[]? Names(string? option) => option?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public ValueTask DisposeAsync() => Central.DisposeAsync();
}
