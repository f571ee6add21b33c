using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>Trouble on the line between a till and its host: one request of a run meets it, and the others pass.</summary>
internal abstract class LineFault(FaultScene scene) : Fault(scene)
{
    private const int ManyRequests = 9;

    protected RemoteSide Remote => Scene.Remote!;

    protected FaultyLine Line => Remote.Line;

    public override int MostHits => 4;

    /// <summary>How long the till waits for a sign of life.</summary>
    protected virtual int LineMilliseconds => 5_000;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        if (random.Chance(60))
            World.ChangeTill(till, random);
        var (isUpload, number, meddles, drawn) = (random.Chance(50), random.Next(ManyRequests), random.Chance(30), new Random(random.Next()));
        var (count, isStruck) = (0, false);
        till.Under = command => command with { LineMilliseconds = LineMilliseconds };
        Line.Disturb = async exchange =>
        {
            if (isStruck || !(isUpload && exchange.Request.Name == "upload" || count++ == number && !isUpload) || !IsFor(exchange))
            {
                await ElseAsync(exchange);
                return;
            }
            isStruck = true;
            // The POS program goes on selling meanwhile.
            if (meddles)
                World.ChangeAt(exchange.Request.Name, till, drawn);
            await StrikeAsync(exchange, drawn);
        };
        try
        {
            await RunAsync(till, request);
        }
        finally
        {
            Line.Disturb = null;
            till.Under = command => command;
        }
        await AfterAsync(till, random);
    }

    /// <summary>What happens to the request.</summary>
    protected abstract Task StrikeAsync(LineExchange exchange, Random random);

    /// <summary>Whether this request can meet it.</summary>
    protected virtual bool IsFor(LineExchange exchange) => true;

    /// <summary>What happens to the others.</summary>
    protected virtual Task ElseAsync(LineExchange exchange) => exchange.PassAsync();

    /// <summary>Behind the run.</summary>
    protected virtual Task AfterAsync(EngineTill till, Random random) => Task.CompletedTask;
}
