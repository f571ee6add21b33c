using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Which rows of one table the POS program has changed and central does not know yet: nothing is written over those.</summary>
internal sealed class OpenEntries(SqliteDatabase database, TablePlan table)
{
    private HashSet<string>? _held;
    private HashSet<string>? _deleted;

    /// <summary>Forgets what is known of the queue; to be called at the beginning of a transaction.</summary>
    public void Begin() => (_held, _deleted) = (null, null);

    /// <summary>Own keys of deleted rows that central does not know to be gone.</summary>
    public IReadOnlySet<string> Deleted()
    {
        if (_deleted is null)
        {
            _deleted = new HashSet<string>(StringComparer.Ordinal);
            var statement = database.Prepare("SELECT entity_id FROM sync_queue WHERE entity_type = ? AND action = 'DELETE'").Bind(1, table.Name);
            while (statement.Step())
                _deleted.Add(statement.Text(0)!);
        }
        return _deleted;
    }

    /// <summary>Whether the row with that own key has an open entry.</summary>
    public bool Has(string key)
    {
        var statement = database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, table.Name).Bind(2, key);
        var open = statement.Step();
        statement.Reset();
        return open;
    }

    /// <summary>Whether a linked row was deleted or replaced by the POS program, and central does not know it yet: only its before-image says which central row it was.</summary>
    public bool Hold(string serverKey)
    {
        if (_held is null)
        {
            _held = new HashSet<string>(StringComparer.Ordinal);
            var statement = database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ? AND base IS NOT NULL").Bind(1, table.Name);
            while (statement.Step())
            {
                if (QueueTable.ServerKeyOf(table, statement.Text(0)) is { } held)
                    _held.Add(held);
            }
        }
        return _held.Contains(serverKey);
    }
}
