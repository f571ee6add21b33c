using PayFlow.Admin.Sample;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Demo;

/// <summary>A till of the demo, open for sync.</summary>
/// <param name="Till">Which one.</param>
/// <param name="Path">Its file.</param>
/// <param name="Origin">How it came into the demo, for people.</param>
/// <param name="Sync">Its engine.</param>
internal sealed record DemoTill(SampleTill Till, string Path, string Origin, TerminalSync Sync) : IAsyncDisposable
{
    /// <summary>Its id in central.</summary>
    public string Id => Till.Code;

    public ValueTask DisposeAsync() => Sync.DisposeAsync();
}
