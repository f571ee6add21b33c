using System.Globalization;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Every field of a map entry, in the order of the editor.</summary>
internal static class MapFields
{
    public static IReadOnlyList<MapField> All { get; } =
    [
        Text("name", "Terminal's table", "The table's name in the terminals' files.", e => e.Name, (e, t) => t is null ? throw new FormatException("Name the terminal's table.") : e with { Name = t }),
        Text("centralName", "Central's table", "Its name in central, table or schema.table. Empty: the same name.", e => e.CentralName, (e, t) => e with { CentralName = t }),
        new MapField { Key = "enabled", Label = "Synced", Help = "Switched off, nothing of it travels, and what tills change meanwhile is not captured.", Kind = MapFieldKind.Flag, Get = e => e.Enabled ? "true" : "false", Set = (e, t) => e with { Enabled = t == "true" } },
        Choice("direction", "Direction", "Which way its rows travel.", e => e.Direction, (e, v) => e with { Direction = v }, [(SyncDirection.Both, "terminal ⇄ central"), (SyncDirection.Pull, "terminal → central"), (SyncDirection.Push, "central → terminal")]),
        Number("priority", "Priority", "1 goes first, 6 last. A row's parents go before it whatever their priority.", e => e.Priority, (e, n) => e with { Priority = (int)(n ?? 3) }),
        Choice("conflicts", "In conflict", "Who wins when both sides changed a row since they last agreed.", e => e.Conflicts, (e, v) => e with { Conflicts = v },
            [(ConflictPolicy.ServerWins, "central wins"), (ConflictPolicy.LocalWins, "the terminal wins"), (ConflictPolicy.LastWriterWins, "the later change wins, by the timestamp column"), (ConflictPolicy.Merge, "each field from the side that changed it"), (ConflictPolicy.Manual, "somebody decides")]),
        Choice("fallback", "Fields that both changed", "Under \"merge\" only: who wins the fields that both sides changed.", e => e.Fallback, (e, v) => e with { Fallback = v },
            [(ConflictPolicy.Manual, "somebody decides"), (ConflictPolicy.ServerWins, "central wins"), (ConflictPolicy.LocalWins, "the terminal wins"), (ConflictPolicy.LastWriterWins, "the later change wins")]),
        Columns("additive", "Columns that add up", "Numeric columns of the terminal whose changes are added instead of replacing each other: two tills that sell 3 and 2 make −5, and no conflict.", e => e.Additive, (e, c) => e with { Additive = c }),
        Renames(),
        Columns("exclude", "Columns left out", "Columns of the terminal that never travel.", e => e.Exclude, (e, c) => e with { Exclude = c }),
        Columns("match", "Recognised by", "Columns of a natural key, such as sku, by which bootstrap recognises rows that both sides have already.", e => e.Match, (e, c) => e with { Match = c }),
        Text("filter", "Rows for a terminal", "A condition on central's columns, with {terminal.NAME} for an attribute of the terminal: store_id = {terminal.store_id}. Empty: all rows.", e => e.Filter, (e, t) => e with { Filter = t }),
        Text("writeFilter", "Rows that tills elsewhere may write", "As above, for what a till elsewhere (over HTTP) inserts, changes or deletes, before and after; any: every row. Empty: as above.", e => e.WriteFilter, (e, t) => e with { WriteFilter = t }),
        Choice("deletes", "Deletes", "What a deleted row on one side does to the other.", e => e.Deletes, (e, v) => e with { Deletes = v },
            [(DeleteMode.Auto, "marked where both sides have the soft-delete column, else deleted"), (DeleteMode.Propagate, "deleted"), (DeleteMode.Soft, "marked in the soft-delete column"), (DeleteMode.Ignore, "it stays")]),
        Text("softDelete", "Soft-delete column", "The column that marks a deleted row, by its name on either side. Empty: deleted_at.", e => e.SoftDelete, (e, t) => e with { SoftDelete = t }),
        Choice("terminalCapture", "Capture at the terminal", "How changes are found there.", e => e.TerminalCapture, (e, v) => e with { TerminalCapture = v }, Captures),
        Choice("centralCapture", "Capture in central", "How changes are found there.", e => e.CentralCapture, (e, v) => e with { CentralCapture = v }, Captures),
        Choice("unlinked", "New rows with own keys", "What becomes of a terminal's row that has a key of its own and no row in central yet.", e => e.Unlinked, (e, v) => e with { Unlinked = v }, [(UnlinkedRows.Create, "it is made in central"), (UnlinkedRows.Skip, "it stays in the queue and is counted")]),
        Number("batchSize", "Rows per batch", "Empty: the run's own size (SYNC_BATCH_SIZE).", e => e.BatchSize, (e, n) => e with { BatchSize = n is { } size ? checked((int)size) : null }),
        Number("keyBlock", "Keys per terminal", "For AUTOINCREMENT keys of a table that only travels up: each terminal counts in a block of so many of its own. Empty: no blocks.", e => e.KeyBlock, (e, n) => e with { KeyBlock = n }),
    ];

    private static (CaptureMode, string)[] Captures => [(CaptureMode.Trigger, "by triggers: exact, deletes included"), (CaptureMode.Timestamp, "by updated_at, last_updated or created_at; deletes are not seen")];

    public static MapField Of(string key) => All.First(f => f.Key == key);

    private static MapField Text(string key, string label, string help, Func<TableMapEntry, string?> get, Func<TableMapEntry, string?, TableMapEntry> set) => new()
    {
        Key = key,
        Label = label,
        Help = help,
        Kind = MapFieldKind.Text,
        Get = e => get(e) ?? string.Empty,
        Set = (e, t) => set(e, t.Trim() is { Length: > 0 } text ? text : null),
    };

    private static MapField Columns(string key, string label, string help, Func<TableMapEntry, IReadOnlyList<string>> get, Func<TableMapEntry, IReadOnlyList<string>, TableMapEntry> set) => new()
    {
        Key = key,
        Label = label,
        Help = help + " Separated by commas.",
        Kind = MapFieldKind.Columns,
        Get = e => string.Join(", ", get(e)),
        Set = (e, t) => set(e, t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    };

    private static MapField Renames() => new()
    {
        Key = "renames",
        Label = "Columns with another name",
        Help = "One to a line: the terminal's name = central's name, such as stock_quantity=master_stock_quantity.",
        Kind = MapFieldKind.Renames,
        Get = e => string.Join('\n', e.Renames.Select(r => $"{r.Key}={r.Value}")),
        Set = (e, t) => e with { Renames = ReadRenames(t) },
    };

    private static Dictionary<string, string> ReadRenames(string text)
    {
        var renames = new Dictionary<string, string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('=', StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 } from, { Length: > 0 } to])
                throw new FormatException($"\"{line}\" is not of the form terminal=central.");
            if (!renames.TryAdd(from, to))
                throw new FormatException($"{from} is renamed twice.");
        }
        return renames;
    }

    private static MapField Number(string key, string label, string help, Func<TableMapEntry, long?> get, Func<TableMapEntry, long?, TableMapEntry> set) => new()
    {
        Key = key,
        Label = label,
        Help = help,
        Kind = MapFieldKind.Number,
        Get = e => get(e)?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
        Set = (e, t) => set(e, ReadNumber(t)),
    };

    private static long? ReadNumber(string text) => text.Trim() switch
    {
        { Length: 0 } => null,
        var number when int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        var other => throw new FormatException($"\"{other}\" is no whole number up to {int.MaxValue}."),
    };

    private static MapField Choice<T>(string key, string label, string help, Func<TableMapEntry, T> get, Func<TableMapEntry, T, TableMapEntry> set, (T Value, string Meaning)[] choices)
        where T : struct, Enum => new()
        {
            Key = key,
            Label = label,
            Help = help,
            Kind = MapFieldKind.Choice,
            Choices = [.. choices.Select(c => (EntryText.Word(c.Value), c.Meaning))],
            Get = e => EntryText.Word(get(e)),
            Set = (e, t) => set(e, Enum.GetValues<T>().First(v => EntryText.Word(v) == t)),
        };
}
