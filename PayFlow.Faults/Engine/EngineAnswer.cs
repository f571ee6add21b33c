using PayFlow.Faults.Chain;

namespace PayFlow.Faults.Engine;

/// <summary>One line from the engine's process: it stands at a step, or the run is over.</summary>
internal sealed record EngineAnswer
{
    public string? Step { get; init; }

    public ChainRun? Run { get; init; }

    public string? Error { get; init; }

    public bool IsTransient { get; init; }

    /// <summary>The engine said it in words of its own, and did not merely fall over.</summary>
    public bool IsTranslated { get; init; }
}
