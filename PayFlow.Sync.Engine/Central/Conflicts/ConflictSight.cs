using Npgsql;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>
/// What of a conflict a till elsewhere may see and decide. Its own row is its own; central's rows only as far as they are among those that it could read or write anyway. Who sits at the console sees all of it.
/// </summary>
internal static class ConflictSight
{
    /// <summary>Whether every row of central that the conflict is about, as it is now, may be known to the till.</summary>
    public static async Task<bool> IsFreeAsync(NpgsqlConnection connection, ConflictTable table, Conflict conflict, CancellationToken cancellationToken)
    {
        // The row that has the value is never the till's own: only what comes down to it may be shown.
        if (conflict is { Kind: ConflictKind.Unique, OtherKey: { } other } && await table.ReadAsync(connection, other, isLocked: false, cancellationToken) is not null && !await table.IsVisibleAsync(connection, other, cancellationToken))
            return false;
        return conflict.Key is not { } own || await table.ReadAsync(connection, own, isLocked: false, cancellationToken) is null || await table.IsKnowableAsync(connection, own, cancellationToken);
    }

    /// <summary>The conflict without what the till may not see.</summary>
    public static ConflictDetail Narrow(ConflictDetail conflict, bool isFree)
    {
        const string Hidden = "It is not among the rows that travel to this till.";
        if (!isFree)
            return conflict with { CentralRow = null, NowRow = null, Resolved = null, OtherKey = null, NowUnknown = conflict.NowUnknown ?? Hidden };
        // The record may be of a time when that row was another store's.
        return conflict.Kind == ConflictKind.Unique ? conflict with { CentralRow = conflict.NowRow } : conflict;
    }

    /// <summary>A decision that is not the till's to make.</summary>
    public static SyncException Refuse(Conflict conflict) => new(
        SyncErrorCode.NotPermitted,
        $"Conflict {conflict.Id} ({conflict.Row}) is not terminal {conflict.Terminal}'s to decide: central's row in it is not among those that travel to the till",
        "Change the row at the till, where it is, or have the conflict decided in the console.")
    { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.LocalKey };

    /// <summary>A row that does not come down cannot take the place of the terminal's.</summary>
    public static SyncException RefuseForeign(Conflict conflict) => new(
        SyncErrorCode.ValueRefused,
        $"Conflict {conflict.Id} ({conflict.Row}) was not decided: central's row {conflict.OtherKey} is outside of the filter of {conflict.Table} for terminal {conflict.Terminal}, and cannot take the place of the till's row there",
        "Give the field another value, free the value in central and take terminal, or delete the row at the till.")
    { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.LocalKey };
}
