using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>A row of the terminal as it is now, beside the state of it that central decided upon.</summary>
internal sealed class TerminalRow
{
    private readonly QueueTable _queue;
    private readonly RowApplier _applier;
    private readonly IReadOnlyList<string> _disputed;
    private readonly CellValue[]? _neutral;
    private readonly CellValue[]? _base;
    private readonly Dictionary<string, CellValue>? _named;

    public TerminalRow(SqliteDatabase database, QueueTable queue, RowApplier applier, string key, IReadOnlyList<string> disputed)
    {
        _queue = queue;
        _applier = applier;
        _disputed = disputed;
        // What adds up is in no conflict's record: of that the entry's before-image says what both sides agree on.
        var entry = database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2").Bind(1, queue.Table.Name).Bind(2, key);
        var image = entry.Step() ? entry.Text(0) : null;
        entry.Reset();
        _named = image is null ? null : ImageJson.ReadNamed(image);
        _base = image is null ? null : queue.ReadImage(image);
        Stored = applier.FindByKey(key);
        if (Stored is null)
            return;
        var read = database.Prepare($"SELECT {string.Join(", ", queue.Columns.Select(c => "t." + SqliteName.Quote(c)))} FROM {SqliteName.Quote(queue.Table.Name)} t WHERE {KeySql.Matches(queue.Table, "t", "?1")}").Bind(1, key);
        read.Step();
        _neutral = queue.ReadRow(read, 0);
        read.Reset();
    }

    /// <summary>As the file holds it; null when it is gone.</summary>
    public CellValue[]? Stored { get; }

    /// <summary>Nobody has changed it since it was what <paramref name="image"/> says.</summary>
    public bool IsStill(IReadOnlyDictionary<string, CellValue>? image) =>
        image is null ? Stored is null : Stored is not null && Enumerable.Range(0, Stored.Length).All(i => IsStill(image, i));

    /// <summary>The row that was decided upon, as the file would hold it.</summary>
    public CellValue[] AsDecidedUpon(IReadOnlyDictionary<string, CellValue> image)
    {
        var row = new CellValue[_queue.Columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            if (Stored is not null && IsStill(image, i))
                row[i] = Stored[i];
            else if (Was(image, i) is { } was && was.Kind != CellKind.LocalReference && _applier.TryToStored(i, was, out var stored))
                row[i] = stored;
        }
        return row;
    }

    // A column that came later was not decided upon. One that was not in dispute may have been agreed on meanwhile: then the before-image has it.
    private bool IsStill(IReadOnlyDictionary<string, CellValue> image, int column) =>
        Was(image, column) is not { } was || IsSame(column, was)
        || (_base is not null && !_disputed.Contains(_queue.Columns[column], StringComparer.OrdinalIgnoreCase) && IsSame(column, _base[column]));

    // A parent that central did not know then is named by its local key. What came from central may be spelled as central spells it.
    private bool IsSame(int column, in CellValue was)
    {
        if (was.Kind == CellKind.LocalReference)
            return was.AsText == Stored![column].ToString();
        return was == _neutral![column] || (_applier.TryToStored(column, was, out var stored) && _applier.Same(column, stored, Stored![column]));
    }

    private CellValue? Was(IReadOnlyDictionary<string, CellValue> image, int column) =>
        image.TryGetValue(_queue.Columns[column], out var was) ? was : _named?.ContainsKey(_queue.Columns[column]) == true ? _base![column] : null;
}
