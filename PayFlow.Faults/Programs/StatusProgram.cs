using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Faults.Programs;

/// <summary>Somebody who asks for a till's status, by the product itself, in a process of its own.</summary>
internal static class StatusProgram
{
    public const string Name = "status";

    public static string? Work(string path)
    {
        try
        {
            TerminalInspection.FindTerminal(path);
            TerminalInspection.Read(path);
        }
        catch (SyncException e) when (e.IsTransient)
        {
            // The file was locked.
        }
        return null;
    }
}
