using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Api;

/// <summary>A conflict with everything that a decision needs. Rows go by the terminal's column names; null where that side has no such row.</summary>
/// <param name="Summary">What it is about; <c>version</c> is to be sent as <c>expectedVersion</c>.</param>
/// <param name="Base">What both sides last agreed on.</param>
/// <param name="Terminal">The terminal's row.</param>
/// <param name="Central">Central's row as the conflict was found; of kind <c>unique</c>: the row that has the value.</param>
/// <param name="Now">Central's row as it is now.</param>
/// <param name="NowUnknown">Why that could not be read; null when it could.</param>
/// <param name="Moved">Columns in which central's row is no longer what it was when the conflict was found.</param>
/// <param name="Resolved">What was decided.</param>
/// <param name="History">What happened to the row, the latest first.</param>
internal sealed record ConflictResponse(
    ConflictSummary Summary,
    IReadOnlyDictionary<string, object?>? Base,
    IReadOnlyDictionary<string, object?>? Terminal,
    IReadOnlyDictionary<string, object?>? Central,
    IReadOnlyDictionary<string, object?>? Now,
    string? NowUnknown,
    IReadOnlyList<string> Moved,
    IReadOnlyDictionary<string, object?>? Resolved,
    IReadOnlyList<ConflictEvent> History)
{
    public static ConflictResponse Of(ConflictDetail conflict) => new(
        ConflictSummary.Of(conflict),
        PlainValue.Of(conflict.Base),
        PlainValue.Of(conflict.TerminalRow),
        PlainValue.Of(conflict.CentralRow),
        PlainValue.Of(conflict.NowRow),
        conflict.NowUnknown,
        conflict.MovedFields,
        PlainValue.Of(conflict.Resolved),
        conflict.History);
}
