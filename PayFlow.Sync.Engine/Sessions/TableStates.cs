using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Brings the terminal's checkpoints in line with the plan before a run: new tables, lost captures, restored databases.</summary>
internal sealed class TableStates(RunContext run)
{
    /// <param name="gaps">Tables whose capture had gone.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    public async Task PrepareAsync(List<string> gaps, CancellationToken cancellationToken)
    {
        var changed = new List<TableState>();
        var added = run.Plan.Tables.Where(t => (t.Pulls || t.Pushes) && !run.Tables.ContainsKey(t.Name)).ToList();
        if (added.Count > 0)
        {
            var position = await run.Central.PositionAsync(cancellationToken);
            changed.AddRange(added.Select(t => New(t, run.Store, position)));
        }
        foreach (var table in run.Plan.Tables.Where(t => run.Tables.ContainsKey(t.Name)))
        {
            var shape = TableShape.Of(table, run.Welcome.Attributes);
            var state = run.Tables[table.Name];
            if (state.Shape == shape)
                continue;
            var next = TableShape.Adopt(state, table, shape);
            if (next.Load != state.Load || next.WaitsForBootstrap != state.WaitsForBootstrap)
                run.Warnings.Add($"{table.Name} travels with other columns or for other rows than before: all of it is compared once.");
            run.Tables[table.Name] = next;
            changed.Add(next);
        }
        if (run.Tables.Keys.Where(name => run.Plan.Find(name) is not { } t || !(t.Pulls || t.Pushes)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } dropped)
            run.Warnings.Add($"No longer synced, because the table map or central does not have them: {string.Join(", ", dropped)}. What the till changes there meanwhile is not captured.");
        foreach (var name in gaps.Where(run.Tables.ContainsKey))
        {
            changed.Add(run.Tables[name] with { WaitsForBootstrap = true, IsResent = false, BootstrapKey = null });
            run.Warnings.Add($"{name} had lost its capture triggers (the table was rebuilt); its rows wait to be compared: run payflow bootstrap.");
        }
        if (run.Identity == IdentityVerdict.RestoredCentral && run.State.Restored != "central")
        {
            changed.AddRange(run.Plan.Tables.Where(t => run.Tables.ContainsKey(t.Name)).Select(t => run.Tables[t.Name] with
            {
                WaitsForBootstrap = NeedsBootstrap(t),
                IsResent = true,
                BootstrapKey = null,
                // Behind this place somebody else's changes are news; the terminal's own place in the log is one of a history that no longer exists.
                Position = run.Welcome.Position,
                Load = LoadState.Waiting,
                LoadKey = null,
                PushStamp = null,
                PushKey = null,
            }));
            run.Warnings.Add("Central is older than this terminal knows it: it was restored from a backup. The terminal sends again what central lost.");
        }
        if (run.Identity == IdentityVerdict.RestoredTerminal)
            run.Warnings.Add("The terminal's file is older than central knows it: it was restored from a backup, and catches up.");
        if (changed.Count > 0)
        {
            run.Database.Write(() =>
            {
                if (run.Identity == IdentityVerdict.RestoredCentral)
                    run.Store.WriteRestored("central");
                changed.ForEach(run.Save);
            });
        }
    }

    /// <summary>
    /// The state in which a table begins: rows that are there already wait for bootstrap. The log's place is noted now and not at the first load, because rows may be sent
    /// or linked before that, and central may delete them again.
    /// </summary>
    public static TableState New(TablePlan table, TerminalStore store, LogPosition position) => new()
    {
        Name = table.Name,
        Position = position,
        WaitsForBootstrap = NeedsBootstrap(table) && store.HasRows(table.Name),
        Load = LoadState.Waiting,
    };

    private static bool NeedsBootstrap(TablePlan table) => table.Pulls || (table.Pushes && table.KeyMode == KeyMode.Linked);
}
