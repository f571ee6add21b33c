namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>A side's rows came out of order: side by side they would be nonsense.</summary>
internal sealed class VerifyOrderException(string message, bool isTerminal) : Exception(message)
{
    public bool IsTerminal { get; } = isTerminal;
}
