using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>A request stays on the line while its till gives it up, opens another run and goes on; then it arrives: before a later request, beside it or behind it, or when that run is over, too.</summary>
internal sealed class LineReordered(FaultScene scene) : LineFault(scene)
{
    private readonly Queue<HttpMessage> _held = [];
    private string _when = string.Empty;
    private int _behind;

    protected override Task StrikeAsync(LineExchange exchange, Random random)
    {
        World.Log.Add($"   {exchange.Request.Name} is held back");
        lock (_held)
            _held.Enqueue(exchange.Request);
        _when = random.Pick(["before", "beside", "behind"]);
        // 0 is the next request, which as a rule opens the next run.
        _behind = random.Chance(40) ? 0 : random.Next(1, 12);
        exchange.Cut(isRude: random.Chance(50));
        return Task.CompletedTask;
    }

    protected override async Task ElseAsync(LineExchange exchange)
    {
        HttpMessage? late;
        lock (_held)
            late = _held.Count > 0 && _behind-- <= 0 ? _held.Dequeue() : null;
        if (late is not null)
            Hit($"{late.Name} {_when} {exchange.Request.Name}");
        if (late is not null && _when == "before")
            await Line.SendAsync(late);
        if (late is not null && _when == "beside")
            Line.Track(() => Line.SendAsync(late));
        await exchange.PassAsync();
        if (late is not null && _when == "behind")
            await Line.SendAsync(late);
    }

    // What the next run does not meet arrives when nobody thinks of it any more.
    protected override Task AfterAsync(EngineTill till, Random random) => random.Chance(50) ? DeliverAsync() : Task.CompletedTask;

    public override Task EndAsync(Random random) => DeliverAsync();

    private async Task DeliverAsync()
    {
        while (_held.TryDequeue(out var late))
        {
            Hit($"{late.Name} when the run was over");
            await Line.SendAsync(late);
        }
    }
}
