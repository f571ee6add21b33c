using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>The table map while somebody edits it.</summary>
public sealed class MapDraft
{
    private TableMap _loaded;

    private MapDraft(StoredTableMap stored)
    {
        _loaded = stored.Map;
        Version = stored.Version;
        Entries = [.. stored.Map.Tables.Select(e => EntryDraft.Of(e, e))];
    }

    /// <summary>The version that the edit rests on.</summary>
    public long Version { get; private set; }

    public List<EntryDraft> Entries { get; private set; }

    public static MapDraft Of(StoredTableMap stored) => new(stored);

    /// <summary>Something differs from what was loaded: an entry, their order, or one more or less.</summary>
    public bool IsChanged => Entries.Count != _loaded.Tables.Count || Entries.Where((e, i) => e.IsChanged || e.Original!.Name != _loaded.Tables[i].Name).Any();

    /// <summary>Entries of the loaded map that are gone.</summary>
    public IEnumerable<string> Removed => _loaded.Tables.Select(t => t.Name).Where(n => !Entries.Exists(e => e.Original?.Name == n));

    public EntryDraft Add(string name)
    {
        var entry = EntryDraft.Of(new TableMapEntry { Name = name.Trim() }, null);
        Entries.Add(entry);
        return entry;
    }

    public void Move(EntryDraft entry, int by)
    {
        var from = Entries.IndexOf(entry);
        var to = Math.Clamp(from + by, 0, Entries.Count - 1);
        Entries.RemoveAt(from);
        Entries.Insert(to, entry);
    }

    /// <summary>The map as it is typed; null when a field cannot be read, and then the entries' errors say which.</summary>
    public TableMap? Read()
    {
        var entries = Entries.ConvertAll(e => (Draft: e, Entry: e.Read()));
        foreach (var twice in entries.GroupBy(e => e.Draft.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0).SelectMany(g => g.Skip(1)))
            twice.Draft.Errors["name"] = $"The map names {twice.Draft.Name} twice: keep one.";
        return entries.Exists(e => e.Entry is null || e.Draft.Errors.ContainsKey("name")) ? null : new TableMap([.. entries.Select(e => e.Entry!)]);
    }

    /// <summary>Every table that has a name, with the fields that can be read: what is wrong with these besides can be said together with what cannot be read.</summary>
    public TableMap ReadPart() => new([.. Entries.Where(e => e.Name.Length > 0 && !e.Errors.ContainsKey("name")).Select(e => e.ReadPart().Entry)]);

    /// <summary>Forgets what the last check found, so that the next one is not held up by what has been put right elsewhere.</summary>
    public void ClearErrors() => Entries.ForEach(e => e.Errors.Clear());

    /// <summary>Takes over a whole map, as of a file; what it leaves out is removed.</summary>
    public void Replace(TableMap map) => Entries = [.. map.Tables.Select(e => EntryDraft.Of(e, Original(e.Name)))];

    /// <summary>
    /// Puts the edit on top of what somebody else has saved meanwhile: their entries where nothing was edited here, the edited ones here as they are.
    /// </summary>
    /// <returns>Tables that both have changed: what is shown is what was typed here.</returns>
    public IReadOnlyList<string> Rebase(StoredTableMap theirs)
    {
        var both = new List<string>();
        var merged = new List<EntryDraft>();
        foreach (var entry in theirs.Map.Tables)
        {
            var (mine, before) = (Entries.Find(e => e.Original?.Name == entry.Name || (e.Original is null && e.Name == entry.Name)), Original(entry.Name));
            var isTheirs = before is null || Text(before) != Text(entry);
            if (mine is null && before is not null && !isTheirs)
                continue;
            if (mine is { IsChanged: true } && isTheirs)
                both.Add(entry.Name);
            merged.Add(mine is { IsChanged: true } ? Retyped(mine, entry) : EntryDraft.Of(entry, entry));
        }
        merged.AddRange(Entries.Where(e => e.IsChanged && !theirs.Map.Tables.Any(t => t.Name == (e.Original?.Name ?? e.Name))).Select(e => Retyped(e, null)));
        (_loaded, Version, Entries) = (theirs.Map, theirs.Version, merged);
        return both;
    }

    private static EntryDraft Retyped(EntryDraft mine, TableMapEntry? theirs)
    {
        var draft = EntryDraft.Of(theirs ?? new TableMapEntry { Name = mine.Name }, theirs);
        foreach (var field in MapFields.All.Where(f => mine.Original is null || mine.IsFieldChanged(f.Key) || theirs is null))
            draft[field.Key] = mine[field.Key];
        return draft;
    }

    private static string Text(TableMapEntry entry) => TableMapJson.Write(new TableMap([entry]));

    private TableMapEntry? Original(string name) => _loaded.Tables.FirstOrDefault(t => t.Name == name);
}
