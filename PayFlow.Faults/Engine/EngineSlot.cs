using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Engine;

/// <summary>Where a worker's engine runs: one process for as long as it lives, and the next one when it was killed.</summary>
internal sealed class EngineSlot(Sabotage sabotage) : IDisposable
{
    private EngineProcess? _process;
    private EngineProcess? _dead;

    public EngineProcess Process => _process ??= new EngineProcess(sabotage);

    public Sabotage Sabotage => sabotage;

    /// <summary>The process has done a run before.</summary>
    public bool IsWarm => _process?.Answers > 0;

    public async Task KillAsync()
    {
        if (_process is null)
            return;
        // Somebody still reads the dead one's last line.
        _dead?.Dispose();
        _dead = _process;
        await _process.KillAsync();
        // Started at once: it is ready by the time it is asked.
        _process = new EngineProcess(sabotage);
    }

    /// <summary>Lets go of every file and connection.</summary>
    public async Task CloseAsync()
    {
        if (_process is null)
            return;
        _process.Send(new EngineCommand { Path = string.Empty, Central = null, BatchSize = 1, CloseOnly = true });
        await _process.ReadAsync();
    }

    public void Dispose()
    {
        _dead?.Dispose();
        _process?.Dispose();
    }
}
