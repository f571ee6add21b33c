namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>A till of one client, on one file.</summary>
internal interface IConformanceTill : IAsyncDisposable
{
    /// <summary>Makes a device of the till.</summary>
    Task RegisterAsync(string code);

    /// <summary>One run: how it ended, such as <c>Synced</c>; <c>!CODE</c> where it was not done, <c>!Killed</c> where the process ended.</summary>
    /// <param name="die">The step at which the process ends.</param>
    /// <param name="lose">The path whose first answer is lost.</param>
    Task<string> SyncAsync(string? die, string? lose);
}
