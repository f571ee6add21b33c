using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>A map entry while it is edited: texts as typed, right or wrong.</summary>
public sealed class EntryDraft
{
    private readonly Dictionary<string, string> _texts;

    private EntryDraft(TableMapEntry entry, TableMapEntry? original)
    {
        _texts = MapFields.All.ToDictionary(f => f.Key, f => f.Get(entry));
        Original = original;
    }

    /// <summary>The entry as it was loaded; null for one that was added.</summary>
    public TableMapEntry? Original { get; }

    /// <summary>What identifies it on the page while its name is being typed.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    public string Name => _texts["name"].Trim();

    /// <summary>What is wrong in a field, by its key: what was typed, and what the last check found.</summary>
    public Dictionary<string, string> Errors { get; } = [];

    public string this[string field]
    {
        get => _texts[field];
        set
        {
            _texts[field] = value;
            Errors.Remove(field);
        }
    }

    public static EntryDraft Of(TableMapEntry entry, TableMapEntry? original) => new(entry, original);

    /// <summary>It is not as it was loaded.</summary>
    public bool IsChanged => Original is null || MapFields.All.Any(f => IsFieldChanged(f.Key));

    public bool IsFieldChanged(string field) => Original is not null && _texts[field] != MapFields.Of(field).Get(Original);

    /// <summary>The entry; null when a field cannot be read, and then <see cref="Errors"/> says which.</summary>
    public TableMapEntry? Read() => ReadPart() is { IsWhole: true, Entry: var entry } ? entry : null;

    /// <summary>As much of the entry as can be read, so that the rest of it can be judged already; <see cref="Errors"/> says which fields it lacks.</summary>
    public (TableMapEntry Entry, bool IsWhole) ReadPart()
    {
        var entry = new TableMapEntry { Name = Name };
        var isRead = true;
        foreach (var field in MapFields.All)
        {
            try
            {
                entry = field.Set(entry, _texts[field.Key]);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                Errors[field.Key] = e.Message;
                isRead = false;
            }
        }
        return (entry, isRead);
    }
}
