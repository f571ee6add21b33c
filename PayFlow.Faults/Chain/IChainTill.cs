using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Chain;

/// <summary>One till of a made-up chain and the engine on it, in this process or in another one.</summary>
internal interface IChainTill : IAsyncDisposable
{
    string Id { get; }

    TillFile File { get; }

    /// <summary>Why the last run gave no report.</summary>
    string? Trouble { get; }

    Task AttachAsync();

    /// <param name="request">What to do.</param>
    /// <param name="step">Called at every named step of the run; throws <see cref="CrashException"/> to end the engine there. Null: the run is not held up at its steps.</param>
    /// <returns>What the run did; null when it crashed or gave way to a passing trouble.</returns>
    Task<ChainRun?> SyncAsync(SyncRequest request, Action<string>? step = null);
}
