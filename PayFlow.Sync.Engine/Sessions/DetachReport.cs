namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What was detached.</summary>
/// <param name="Terminal">The terminal whose file it was, or a copy of its file.</param>
/// <param name="IsCopy">It was a copy: the file is an ordinary one again, and the terminal goes on with its own.</param>
public sealed record DetachReport(string Terminal, bool IsCopy);
