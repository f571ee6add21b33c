using System.Globalization;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Programs;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>
/// A till's file belongs to several programs: its POS program and somebody who asks for its status open, read, write and close it, over and over, and are killed now and then, while the engine's process keeps it open and syncs. What one of them was told is committed has to be there in the end.
/// </summary>
internal sealed class SecondProgram(FaultScene scene) : Fault(scene)
{
    private const int MostChanges = 6;

    private readonly Dictionary<string, List<OtherProgram>> _programs = [];

    public override int MostHits => 6;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        if (!_programs.TryGetValue(till.Id, out var programs))
        {
            till.File.Execute(PosProgram.Ddl);
            _programs.Add(till.Id, programs = [.. OtherProgram.Kinds.Select(k => new OtherProgram(k, till.File.Path))]);
        }
        programs.ForEach(p => p.Resume());
        var (victim, isKill) = (random.Pick(programs), random.Chance(40));
        Hit(isKill ? "one is killed" : "they come and go");
        var run = await till.SyncAsync(request, async reading =>
        {
            for (var i = 0; i < MostChanges && !reading.IsCompleted; i++)
            {
                World.ChangeTill(till, random);
                await Task.Delay(random.Next(6));
                if (isKill && i == 1)
                    await victim.KillAsync();
            }
        });
        World.LogRun(run);
        if (run is null)
            World.Log.Add($"   {till.Trouble}");
        foreach (var program in programs)
            await program.PauseAsync();
        // The engine may have had the file to itself for the last time before: now it is the last to close it.
        if (random.Chance(30))
            await Scene.Engine.CloseAsync();
    }

    public override async Task EndAsync(Random random)
    {
        foreach (var till in World.Tills.Where(t => _programs.ContainsKey(t.Id)))
        {
            foreach (var program in _programs[till.Id])
            {
                await program.EndAsync();
                Scene.Findings.AddRange(program.Troubles.Select(t => new Finding(FindingKind.Wedged, $"{till.Id}: another program: {t}")));
                var kept = till.File.Rows(PosProgram.Select).Select(r => Convert.ToInt64(r[0], CultureInfo.InvariantCulture)).ToHashSet();
                if (program.Committed.Count(c => !kept.Contains(c)) is > 0 and var lost)
                    Scene.Findings.Add(new Finding(FindingKind.Lost, $"{till.Id}: the file has lost {lost} of {program.Committed.Count} rows that the POS program had committed"));
            }
        }
    }
}
