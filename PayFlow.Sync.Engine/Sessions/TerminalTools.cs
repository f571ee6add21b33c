using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>The readers and writers of all tables for one plan and one open file; kept as long as both last.</summary>
internal sealed class TerminalTools
{
    public TerminalTools(SqliteDatabase database, SyncPlan plan, SyncOptions options, TimeProvider time)
    {
        Plan = plan;
        Queues = plan.Tables.ToDictionary(t => t.Name, t => new QueueTable(database, plan, t), StringComparer.OrdinalIgnoreCase);
        Appliers = plan.Tables.ToDictionary(t => t.Name, t => new RowApplier(database, plan, t), StringComparer.OrdinalIgnoreCase);
        Acknowledgement = new Acknowledgement(database, Queues, Appliers, options.Retry, time);
        PageWriter = new PageWriter(database, plan, Appliers);
    }

    public SyncPlan Plan { get; }

    public IReadOnlyDictionary<string, QueueTable> Queues { get; }

    public IReadOnlyDictionary<string, RowApplier> Appliers { get; }

    public Acknowledgement Acknowledgement { get; }

    public PageWriter PageWriter { get; }
}
