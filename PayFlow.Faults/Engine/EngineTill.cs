using Npgsql;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Engine;

/// <summary>One till of a seed, with the engine in a process of its own.</summary>
internal sealed class EngineTill(string id, TillFile file, ChainShape shape, NpgsqlDataSource source, string central, EngineSlot slot, RemoteSide? remote = null) : IChainTill
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Id => id;

    public TillFile File => file;

    public string? Trouble { get; private set; }

    public EngineSlot Slot => slot;

    /// <summary>Errors that the engine had no words for: a fault is no excuse for them.</summary>
    public List<string> Surprises { get; } = [];

    /// <summary>How the next runs are made, beyond what they are to do.</summary>
    public Func<EngineCommand, EngineCommand> Under { get; set; } = command => command;

    public async Task AttachAsync()
    {
        if (remote is null)
        {
            await new Attachment(source).AttachAsync(
                new AttachRequest { Path = file.Path, Terminal = id, Attributes = new Dictionary<string, string> { ["store"] = ChainWorld.StoreOf(this) } }, CancellationToken.None);
            return;
        }
        var device = await remote.RegisterAsync(this);
        await using var host = new HttpCentral(new HostLine(device.Host, device.Key));
        await new RemoteAttachment(file.Path, device).AttachAsync(host, CancellationToken.None);
    }

    public async Task<ChainRun?> SyncAsync(SyncRequest request, Action<string>? step = null)
    {
        Send(request, step is not null);
        while (await ReadAsync(slot.Process.ReadAsync()) is { } answer)
        {
            if (answer.Step is null)
                return Take(answer);
            try
            {
                step!(answer.Step);
            }
            catch (CrashException crash)
            {
                await slot.KillAsync();
                Trouble = crash.Message;
                return null;
            }
            slot.Process.GoOn();
        }
        throw new SyncException(SyncErrorCode.Protocol, $"The engine's process died by itself while it synced {id}", "Its last words are on standard error.");
    }

    /// <summary>A run, and something that happens while it is under way, a kill of its process for instance.</summary>
    /// <returns>What the run did; null when it failed or was killed.</returns>
    public async Task<ChainRun?> SyncAsync(SyncRequest request, Func<Task, Task> meanwhile)
    {
        Send(request, watched: false);
        var reading = slot.Process.ReadAsync();
        await meanwhile(reading);
        if (await ReadAsync(reading) is { } answer)
            return Take(answer);
        Trouble = "killed";
        return null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A run that never ends is a finding, and must not hold up the other seeds.
    private async Task<EngineAnswer?> ReadAsync(Task<EngineAnswer?> reading)
    {
        try
        {
            return await reading.WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            await slot.KillAsync();
            throw new SyncException(SyncErrorCode.Unexpected, $"A run of {id} has not ended after {Patience.TotalSeconds:0} s", "Look at what it does in the log of the seed.", e);
        }
    }

    private void Send(SyncRequest request, bool watched)
    {
        slot.Process.Send(Under(new EngineCommand
        {
            Path = file.Path,
            Central = remote is null ? central : null,
            BatchSize = shape.BatchSize,
            Direction = request.Direction,
            Tables = request.Tables,
            Bootstrap = request.Bootstrap,
            Watched = watched,
        }));
    }

    private ChainRun? Take(EngineAnswer answer)
    {
        if (answer.Run is not null)
            return answer.Run;
        Trouble = answer.Error;
        if (!answer.IsTranslated)
            Surprises.Add($"{id}: {answer.Error}");
        return null;
    }
}
