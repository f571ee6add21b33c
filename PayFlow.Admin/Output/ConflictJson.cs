using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Output;

/// <summary>Conflicts as <c>--json</c> prints them.</summary>
internal static class ConflictJson
{
    public static object Of(Conflict conflict) => new
    {
        conflict.Id,
        conflict.Version,
        conflict.Terminal,
        conflict.Table,
        conflict.Key,
        conflict.LocalKey,
        conflict.OtherKey,
        conflict.Kind,
        conflict.Policy,
        conflict.State,
        conflict.Fields,
        conflict.DetectedAt,
        conflict.UpdatedAt,
        conflict.Resolution,
        conflict.ResolvedAt,
        conflict.ResolvedBy,
        conflict.Reason,
        conflict.DeliveredAt,
    };

    public static object OfDetail(ConflictDetail conflict) => new
    {
        summary = Of(conflict),
        @base = PlainValue.Of(conflict.Base),
        terminal = PlainValue.Of(conflict.TerminalRow),
        central = PlainValue.Of(conflict.CentralRow),
        now = PlainValue.Of(conflict.NowRow),
        nowUnknown = conflict.NowUnknown,
        moved = conflict.MovedFields,
        resolved = PlainValue.Of(conflict.Resolved),
        history = conflict.History,
    };

    public static object OfOutcome(ResolutionOutcome outcome) => new
    {
        outcome.Id,
        outcome.Terminal,
        outcome.Row,
        outcome.Resolution,
        outcome.WasResolved,
        outcome.By,
        outcome.At,
        outcome.RunId,
        values = PlainValue.Of(outcome.Values),
        outcome.Note,
    };
}
