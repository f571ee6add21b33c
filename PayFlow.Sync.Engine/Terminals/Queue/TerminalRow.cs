using System.Globalization;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>A row of the terminal as it is now, beside the state of it that central decided upon.</summary>
internal sealed class TerminalRow
{
    private readonly QueueTable _queue;
    private readonly CellValue[]? _neutral;

    public TerminalRow(SqliteDatabase database, QueueTable queue, RowApplier applier, string key)
    {
        _queue = queue;
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

    /// <summary>The cells to write so that central's values lie under what was changed since <paramref name="image"/>.</summary>
    /// <param name="image">The state that was decided upon; null when the row had been deleted, and everything of it is newer.</param>
    /// <param name="central">Central's values, neutral.</param>
    /// <param name="stored">The same as the terminal holds them.</param>
    public List<(int Column, CellValue Value)> Under(IReadOnlyDictionary<string, CellValue>? image, CellValue[] central, CellValue[] stored)
    {
        var cells = new List<(int, CellValue)>();
        for (var i = 0; i < stored.Length; i++)
        {
            var column = _queue.Table.Columns[i];
            if (image is null || column.IsKey || column.IsGeneratedInTerminal)
                continue;
            if (IsStill(image, i))
                cells.Add((i, stored[i]));
            else if (IsAdditive(column.Terminal.Name) && Sum(_neutral![i], central[i], image.GetValueOrDefault(column.Terminal.Name)) is { } sum)
                cells.Add((i, sum));
        }
        cells.RemoveAll(c => c.Item2 == Stored![c.Item1]);
        return cells;
    }

    // A parent that central did not know then is named by its local key.
    private bool IsStill(IReadOnlyDictionary<string, CellValue> image, int column) =>
        !image.TryGetValue(_queue.Columns[column], out var was)
        || (was.Kind == CellKind.LocalReference ? was.AsText == Stored![column].ToString() : was == _neutral![column]);

    private bool IsAdditive(string column) => _queue.Table.Entry.Additive.Contains(column, StringComparer.OrdinalIgnoreCase);

    // What central made of the number since goes on top: 7 here, decided upon 10, central 8 ends as 5.
    private static CellValue? Sum(in CellValue current, in CellValue central, in CellValue was)
    {
        if (current.Kind == CellKind.Integer && central.Kind == CellKind.Integer && was.Kind == CellKind.Integer)
            return CellValue.Of(current.AsInteger + central.AsInteger - was.AsInteger);
        return Number(current) is { } a && Number(central) is { } b && Number(was) is { } c ? CellValue.Of((a + b - c).ToString(CultureInfo.InvariantCulture)) : null;
    }

    private static decimal? Number(in CellValue value) => decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
