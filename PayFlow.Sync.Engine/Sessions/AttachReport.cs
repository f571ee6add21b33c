namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What attaching did.</summary>
/// <param name="Terminal">The terminal's id.</param>
/// <param name="Tables">Tables that are synced now, in foreign-key order.</param>
/// <param name="WaitingForBootstrap">Rows that were there before, by table.</param>
/// <param name="Warnings">What the plan has to say.</param>
/// <param name="WasAttached">The file was attached under this id already; its triggers were brought up to date.</param>
public sealed record AttachReport(string Terminal, IReadOnlyList<string> Tables, IReadOnlyDictionary<string, long> WaitingForBootstrap, IReadOnlyList<string> Warnings, bool WasAttached);
