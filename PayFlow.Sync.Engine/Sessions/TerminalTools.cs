using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Journal;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>The readers and writers of all tables for one plan and one open file; kept as long as both last.</summary>
internal sealed class TerminalTools
{
    public TerminalTools(SqliteDatabase database, SyncPlan plan, SyncOptions options, TimeProvider time)
    {
        Plan = plan;
        Journal = new TerminalJournal(database, time);
        Queues = plan.Tables.ToDictionary(t => t.Name, t => new QueueTable(database, plan, t), StringComparer.OrdinalIgnoreCase);
        Appliers = plan.Tables.ToDictionary(t => t.Name, t => new RowApplier(database, plan, t, Journal), StringComparer.OrdinalIgnoreCase);
        Acknowledgement = new Acknowledgement(database, Queues, Appliers, options.Retry, time);
        PageWriter = new PageWriter(database, plan, Appliers, Journal);
    }

    public SyncPlan Plan { get; }

    /// <summary>Notes what the run writes into the terminal's rows, for rollback.</summary>
    public TerminalJournal Journal { get; }

    public IReadOnlyDictionary<string, QueueTable> Queues { get; }

    public IReadOnlyDictionary<string, RowApplier> Appliers { get; }

    public Acknowledgement Acknowledgement { get; }

    public PageWriter PageWriter { get; }
}
