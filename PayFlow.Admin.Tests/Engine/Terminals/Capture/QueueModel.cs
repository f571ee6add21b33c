namespace PayFlow.Admin.Tests.Engine.Terminals.Capture;

/// <summary>The queue's rules in a few lines, for a table of two keys: what the triggers must leave, whatever a POS program does.</summary>
internal sealed record QueueModel(IReadOnlyDictionary<string, string> Rows, IReadOnlyDictionary<string, QueueModel.Entry> Entries)
{
    /// <param name="Action">INSERT, UPDATE or DELETE.</param>
    /// <param name="Status">One of the four that the queue keeps.</param>
    /// <param name="Base">The name in the first before-image; null for a row that central never had.</param>
    /// <param name="Payload">The name in the image that was sent; <c>null</c> in words when a deleted row was; null when nothing is on its way or nothing changed since.</param>
    /// <param name="IsOnItsWay">It belongs to a batch.</param>
    internal sealed record Entry(string Action, string Status, string? Base, string? Payload, bool IsOnItsWay);

    public QueueModel Insert(string key, string name) => Rows.ContainsKey(key) ? this : WithRow(key, name).Touch(key, null);

    public QueueModel Update(string key, string name)
    {
        if (!Rows.TryGetValue(key, out var old) || old == name)
            return this;
        return WithRow(key, name).Touch(key, old);
    }

    public QueueModel Replace(string key, string name) =>
        Rows.TryGetValue(key, out var old) ? Touch(key, old).WithRow(key, name).Touch(key, null) : Insert(key, name);

    public QueueModel Upsert(string key, string name) => Rows.TryGetValue(key, out var old) ? Touch(key, old).Update(key, name) : Insert(key, name);

    public QueueModel Delete(string key)
    {
        if (!Rows.TryGetValue(key, out var old))
            return this;
        var without = this with { Rows = Rows.Where(r => r.Key != key).ToDictionary() };
        var entry = Entries.GetValueOrDefault(key);
        if (entry is null)
            return without.WithEntry(key, new Entry("DELETE", "PENDING", old, null, false));
        // What central has never heard of leaves no trace.
        if (entry is { Base: null, IsOnItsWay: false, Status: "PENDING" or "FAILED" })
            return without with { Entries = Entries.Where(e => e.Key != key).ToDictionary() };
        return without.WithEntry(key, Reopen(entry, "DELETE", old));
    }

    public QueueModel Rekey(string from, string to) =>
        !Rows.TryGetValue(from, out var name) || Rows.ContainsKey(to) ? this : Delete(from).Insert(to, name);

    private QueueModel Touch(string key, string? image)
    {
        var entry = Entries.GetValueOrDefault(key);
        if (entry is null)
            return WithEntry(key, new Entry(image is null ? "INSERT" : "UPDATE", "PENDING", image, null, false));
        return WithEntry(key, Reopen(entry, entry.Base is null ? "INSERT" : "UPDATE", image ?? "null"));
    }

    private static Entry Reopen(Entry entry, string action, string image) => entry with
    {
        Action = action,
        Status = entry.Status == "CONFLICT" ? "CONFLICT" : "PENDING",
        Payload = entry.Status == "SYNCING" ? image : entry.Payload,
    };

    private QueueModel WithRow(string key, string name) => this with { Rows = new Dictionary<string, string>(Rows) { [key] = name } };

    private QueueModel WithEntry(string key, Entry entry) => this with { Entries = new Dictionary<string, Entry>(Entries) { [key] = entry } };
}
