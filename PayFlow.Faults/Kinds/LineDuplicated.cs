using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>The host gets a request twice: one behind the other, both at once, or again when the run is long over, alone or with all the others of it.</summary>
internal sealed class LineDuplicated(FaultScene scene) : LineFault(scene)
{
    private readonly List<HttpMessage> _later = [];

    // A code works once, which is told to whoever repeats it.
    private IEnumerable<HttpMessage> Passed => Line.Passed.Where(r => r.Name != "register");

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var way = random.Pick(["one behind the other", "both at once", "after the run"]);
        if (way == "after the run")
        {
            _later.Add(exchange.Request);
            await exchange.PassAsync();
            return;
        }
        Hit(way);
        World.Log.Add($"   {exchange.Request.Name} twice");
        if (way == "one behind the other")
            await Line.SendAsync(exchange.Request);
        else
            Line.Track(() => Line.SendAsync(exchange.Request));
        await exchange.PassAsync();
    }

    // A replay of an earlier run in the middle of this one.
    protected override async Task ElseAsync(LineExchange exchange)
    {
        foreach (var request in _later.ToList())
        {
            _later.Remove(request);
            await ReplayAsync(request, "in a later run");
        }
        await exchange.PassAsync();
    }

    protected override async Task AfterAsync(EngineTill till, Random random)
    {
        if (_later.Count == 0)
            return;
        var chance = random.Next(100);
        if (chance < 30)
            return;
        var replayed = chance < 60 ? _later.ToList() : [.. Passed.Skip(random.Next(Line.Passed.Count))];
        _later.Clear();
        foreach (var request in replayed)
            await ReplayAsync(request, replayed.Count == 1 ? "when the run was over" : "all of a run when it was over");
    }

    public override async Task EndAsync(Random random)
    {
        foreach (var request in Passed.ToList())
            await ReplayAsync(request, "everything once more in the end");
    }

    private async Task ReplayAsync(HttpMessage request, string how)
    {
        Hit(how);
        World.Log.Add($"   {request.Name} once more: {(await Line.SendAsync(request)).Status}");
    }
}
