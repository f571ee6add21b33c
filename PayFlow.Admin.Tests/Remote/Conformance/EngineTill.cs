using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The engine's own agent.</summary>
internal sealed class EngineTill(RemoteChain chain, string path) : IConformanceTill
{
    private TerminalAgent? _agent;
    private string? _die;

    public async Task RegisterAsync(string code)
    {
        await new Registration(path, chain.Way.Handler()).RegisterAsync(chain.Way.Host.Address, code, null, null, CancellationToken.None);
        await DisposeAsync();
    }

    public async Task<string> SyncAsync(string? die, string? lose)
    {
        _die = die;
        chain.Way.After = at =>
        {
            if (at != lose)
                return Task.CompletedTask;
            lose = null;
            throw new HttpRequestException("The answer is lost.");
        };
        _agent ??= Open();
        try
        {
            return (await _agent.RunOnceAsync(CancellationToken.None)).Status.ToString();
        }
        catch (KilledException)
        {
            await DisposeAsync();
            return "!Killed";
        }
        catch (SyncException e)
        {
            return $"!{e.Code}";
        }
    }

    public override string ToString() => "the engine";

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
            await _agent.DisposeAsync();
        _agent = null;
    }

    private TerminalAgent Open()
    {
        var sync = new SyncOptions { TransientAttempts = 4, TransientDelay = TimeSpan.FromMilliseconds(20), Step = Step };
        return new TerminalAgent(path, DeviceFile.Read(path)!, new AgentOptions { Sync = sync }, null, chain.Way.Handler());
    }

    private void Step(string name)
    {
        if (name == _die)
            throw new KilledException(name);
    }
}
