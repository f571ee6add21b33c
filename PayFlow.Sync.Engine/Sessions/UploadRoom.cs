using System.Globalization;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What goes up together: a batch is to be light enough to be kept in memory, and no longer than what stands on the way to central takes.</summary>
internal sealed class UploadRoom(ICentral central)
{
    // A character weighs two bytes here and takes six at most on the line, and a row's key stands beside its values.
    private const int Widest = 6;

    /// <summary>What a batch may weigh. What is no heavier fits for certain, so that of most rows nobody has to know how long they are.</summary>
    public long Weight => Math.Min(RowSize.Batch, central.LongestBatch / Widest);

    public static long WeightOf(RowChange row) => RowSize.Of(row.Values) + RowSize.Of(row.Base);

    /// <summary>Why a row can never go, whatever else is sent; null when it can.</summary>
    public string? Refuse(string table, RowChange row)
    {
        if (WeightOf(row) <= Weight || central.LengthOf(row) is var length && length <= central.LongestRow)
            return null;
        return $"{table}/{row.Key} takes {Size(length)} on the line{(row.Base is null ? string.Empty : ", with what was there before")}, and no more than {Size(central.LongestRow)} get through to central. "
            + "Make its largest value smaller; or raise PAYFLOW_UPLOAD_LIMIT_MB of the host and the limit of a proxy before it, and try the row again (payflow queue requeue).";
    }

    /// <summary>Rows of one table that can go, and those that cannot, with the reason.</summary>
    public (List<RowChange> Sent, List<RowOutcome> Refused) Split(string table, IReadOnlyList<RowChange> rows)
    {
        var (sent, refused) = (new List<RowChange>(rows.Count), new List<RowOutcome>());
        foreach (var row in rows)
        {
            if (Refuse(table, row) is { } reason)
                refused.Add(new RowOutcome { Key = row.Key, Status = RowStatus.Failed, Reason = reason, IsFinal = true });
            else
                sent.Add(row);
        }
        return (sent, refused);
    }

    /// <summary>Central's answer, and what it was not asked.</summary>
    public static SectionResult With(SectionResult answer, List<RowOutcome> refused) =>
        refused.Count == 0 ? answer : answer with { Rows = answer.Rows + refused.Count, Failed = answer.Failed + refused.Count, Outcomes = [.. answer.Outcomes, .. refused] };

    /// <summary>How many of these rows, from the first one on, fit into a batch of their own; one at least.</summary>
    public int CountFitting(IReadOnlyList<RowChange> rows)
    {
        var length = 0L;
        var count = rows.TakeWhile(r => (length += central.LengthOf(r)) <= central.LongestBatch).Count();
        return Math.Max(1, count);
    }

    private static string Size(long bytes) => bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MB");
}
