using Npgsql;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>An administrator, or a firewall, ends the engine's connection in the middle of a statement.</summary>
internal sealed class BackEndCut(FaultScene scene) : Fault(scene)
{
    private const int ManyRows = 500;
    private const int FewRows = 40;

    private const string Cut = """
        SELECT a.query, pg_terminate_backend(a.pid)
        FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.application_name = 'payflow' AND a.state <> 'idle' AND a.query LIKE $1
        """;

    // One row per batch means one COPY per row: there are enough of them then.
    private bool IsBatchedFinely => World.Shape.BatchSize < FewRows || World.Shape.Tables.Any(t => t.BatchSize is not null);

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var inCopy = random.Chance(75);
        if (inCopy)
            World.FillTill(till, random, IsBatchedFinely ? FewRows : ManyRows);
        await using var connection = await World.Source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Cut, connection) { Parameters = { new() { Value = inCopy ? "COPY%" : "%" } } };
        await command.PrepareAsync();
        var skip = inCopy ? 0 : random.Next(4);
        var run = await till.SyncAsync(inCopy ? new SyncRequest() : request, async reading =>
        {
            while (!reading.IsCompleted)
            {
                if (await command.ExecuteScalarAsync() is not string query || skip-- > 0)
                {
                    await Task.Yield();
                    continue;
                }
                Hit(query.StartsWith("COPY", StringComparison.OrdinalIgnoreCase) ? "in COPY" : "in another statement");
                if (random.Chance(70))
                    break;
            }
        });
        World.LogRun(run);
    }
}
