using System.Globalization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// A place in central's change log. Entries behind it have been read, all of them: nothing can commit behind it any more.
/// Ordered by generation (a restored cluster starts a new one, because its transaction numbers are not comparable), transaction and entry.
/// </summary>
public readonly record struct LogPosition(int Generation, long Transaction, long Entry) : IComparable<LogPosition>
{
    public int CompareTo(LogPosition other) => (Generation, Transaction, Entry).CompareTo((other.Generation, other.Transaction, other.Entry));

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    /// <summary><c>generation/transaction/entry</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Generation}/{Transaction}/{Entry}");
}
