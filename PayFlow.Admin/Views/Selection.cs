namespace PayFlow.Admin.Views;

/// <summary>Rows of a list that somebody has ticked, or all that its filter finds.</summary>
internal sealed class Selection<TKey>
    where TKey : notnull
{
    private readonly HashSet<TKey> _ticked = [];

    /// <summary>All that the filter finds, on every page.</summary>
    public bool IsAll { get; private set; }

    public IReadOnlyCollection<TKey> Ticked => _ticked;

    public bool IsEmpty => !IsAll && _ticked.Count == 0;

    /// <summary>How many rows, given how many the filter finds.</summary>
    public long Count(long total) => IsAll ? total : _ticked.Count;

    public bool Has(TKey key) => IsAll || _ticked.Contains(key);

    public void Tick(TKey key, bool isTicked)
    {
        IsAll = false;
        if (isTicked)
            _ticked.Add(key);
        else
            _ticked.Remove(key);
    }

    /// <summary>Ticks a page, or none.</summary>
    public void TickPage(IEnumerable<TKey> page, bool isTicked)
    {
        Clear();
        if (isTicked)
            _ticked.UnionWith(page);
    }

    /// <summary>Ticks again what an address says, as far as it is shown.</summary>
    /// <param name="text">The address' word; <see cref="SelectionText.All"/> for all.</param>
    /// <param name="ticked">What it says.</param>
    /// <param name="shown">The rows of the page.</param>
    /// <param name="name">What the address calls a row.</param>
    public void Restore<TName>(string? text, IEnumerable<TName> ticked, IEnumerable<TKey> shown, Func<TKey, TName> name)
    {
        Clear();
        IsAll = text == SelectionText.All;
        var named = ticked.ToHashSet();
        _ticked.UnionWith(shown.Where(s => !IsAll && named.Contains(name(s))));
    }

    public void TakeAll() => IsAll = true;

    public void Clear()
    {
        IsAll = false;
        _ticked.Clear();
    }
}
