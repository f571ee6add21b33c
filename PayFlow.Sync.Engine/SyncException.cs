namespace PayFlow.Sync.Engine;

/// <summary>
/// The one exception type for what a user can meet. The command line, the API and the console all show <see cref="Exception.Message"/>
/// followed by <see cref="Hint"/>; everything else here is for machines and logs.
/// </summary>
public sealed class SyncException : Exception
{
    public SyncException(SyncErrorCode code, string message, string? hint = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>What kind of trouble it is; decides the exit code and the HTTP status.</summary>
    public SyncErrorCode Code { get; }

    /// <summary>The operator's next step, one sentence; null where there is none.</summary>
    public string? Hint { get; }

    /// <summary>The verb that was under way, such as <c>attach</c> or <c>upload</c>.</summary>
    public string? Operation { get; init; }

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    /// <summary>The row's key in the text form of <see cref="Changes.RowKey"/>.</summary>
    public string? Key { get; init; }

    /// <summary>True when the same call may succeed later without anybody doing anything.</summary>
    public bool IsTransient { get; init; }
}
