using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>The engine's clock, and the one by which the POS program stamps its rows, are a day fast or slow, and jump back.</summary>
internal sealed class ClockJump(FaultScene scene) : Fault(scene)
{
    private const int HoursPerDay = 24;

    public override int MostHits => 6;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var days = random.Pick([-1, 1]);
        World.Days[till.Id] = days;
        till.Under = command => command with { ClockHours = days * HoursPerDay };
        if (random.Chance(70))
            World.ChangeTill(till, random);
        Hit(days > 0 ? "a day fast" : "a day slow");
        await RunAsync(till, request);
        if (random.Chance(30))
            return;
        World.Days[till.Id] = 0;
        till.Under = command => command;
    }

    public override Task EndAsync(Random random)
    {
        foreach (var till in World.Tills.Cast<EngineTill>())
        {
            World.Days[till.Id] = 0;
            till.Under = command => command;
        }
        return Task.CompletedTask;
    }
}
