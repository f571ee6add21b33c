using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// The token of a download: how far each table has been read, as one word for an address. Whoever holds it may only pass it on. It opens nothing: whose rows come is decided by the device's key, not by the token.
/// </summary>
/// <remarks>Behind <c>1.</c>, the form's version, base64url of a checksum in 16 digits and lines <c>generation/transaction/entry</c> TAB <c>table</c> TAB <c>table</c> …: most tables stand at the same place, so that a token is about as long as their names.</remarks>
public static class SyncToken
{
    private const string Version = "1.";

    /// <summary>More tables than any plan has.</summary>
    private const int MostTables = 10_000;

    private const int SumLength = 16;

    public static string Write(IReadOnlyDictionary<string, LogPosition> tables)
    {
        var text = new StringBuilder();
        foreach (var place in tables.GroupBy(t => t.Value).OrderBy(g => g.Key))
        {
            text.Append(place.Key);
            foreach (var (table, _) in place.OrderBy(t => t.Key, StringComparer.Ordinal))
                text.Append('\t').Append(Uri.EscapeDataString(table));
            text.Append('\n');
        }
        return Version + Base64Url.EncodeToString(Encoding.ASCII.GetBytes(SumOf(text.ToString()) + text));
    }

    /// <exception cref="SyncException">The token is none of ours.</exception>
    public static IReadOnlyDictionary<string, LogPosition> Read(string? token)
    {
        if (token is null || !token.StartsWith(Version, StringComparison.Ordinal) || !Base64Url.IsValid(token.AsSpan(Version.Length)))
            throw NotOurs();
        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token.AsSpan(Version.Length)));
        if (text.Length < SumLength || SumOf(text[SumLength..]) != text[..SumLength])
            throw NotOurs();
        var tables = new Dictionary<string, LogPosition>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text[SumLength..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('\t');
            if (!LogPositionWire.TryParse(parts[0], out var position) || tables.Count + parts.Length > MostTables)
                throw NotOurs();
            foreach (var table in parts.Skip(1))
                if (!tables.TryAdd(Uri.UnescapeDataString(table), position))
                    throw NotOurs();
        }
        return tables;
    }

    // Against a token that was cut off or mistyped: a shorter one would be another place.
    private static string SumOf(string text)
    {
        var sum = ChangeChecksum.Begin();
        sum.Add(text);
        return sum.Value.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static SyncException NotOurs() =>
        new(SyncErrorCode.Protocol, "The sync token is not understood", "Send the token of the last page exactly as it came, or one made as docs/protocol.md says.");
}
