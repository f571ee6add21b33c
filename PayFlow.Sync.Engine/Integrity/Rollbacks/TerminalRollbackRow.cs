namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>The journal of one terminal row in one run, collapsed: how it was before, and how the run left it.</summary>
internal sealed class TerminalRollbackRow
{
    public required string Table { get; init; }

    /// <summary>Its own key; null where only central's is known, because the row is gone.</summary>
    public required string? Key { get; init; }

    /// <summary>Central's key, of a row that the run inserted.</summary>
    public string? ServerKey { get; init; }

    /// <summary>There was such a row before the run.</summary>
    public required bool Existed { get; init; }

    /// <summary>Its image; null when it did not exist.</summary>
    public string? Before { get; init; }

    /// <summary>There was one when the run ended.</summary>
    public bool Remained { get; set; }

    /// <summary>Its image then; null where only the hash is known.</summary>
    public string? After { get; set; }

    /// <summary>Its hash then.</summary>
    public ulong? Hash { get; set; }

    /// <summary>Why it did not go back, as far as that is known.</summary>
    public string? Reason { get; set; }

    /// <summary>Another row has a unique value of its. https://www.sqlite.org/rescode.html#constraint_unique; the words are the library's, in no other language.</summary>
    public bool IsClashing => Reason?.Contains("UNIQUE constraint failed", StringComparison.Ordinal) == true;

    public string ShownKey => Key ?? ServerKey ?? string.Empty;
}
