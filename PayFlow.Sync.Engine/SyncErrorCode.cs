namespace PayFlow.Sync.Engine;

/// <summary>Kinds of trouble a user can meet.</summary>
public enum SyncErrorCode
{
    /// <summary>A wrong option, map or setting; nothing was changed. Exit code 2.</summary>
    InvalidConfiguration,

    /// <summary>The SQLite file is missing, no database, read-only or locked.</summary>
    TerminalUnavailable,

    /// <summary>PostgreSQL cannot be reached or refuses the sign-in.</summary>
    CentralUnavailable,

    /// <summary>The terminal belongs to another central, or is a copy of another terminal.</summary>
    IdentityMismatch,

    /// <summary>Another run of the same terminal is under way.</summary>
    Busy,

    /// <summary>The two schemas do not fit the map.</summary>
    SchemaMismatch,

    /// <summary>A value cannot be represented on the other side.</summary>
    ValueRefused,

    /// <summary>What was to be decided or undone is no longer what was looked at: look again.</summary>
    Moved,

    /// <summary>What travelled was damaged or is not understood.</summary>
    Protocol,

    /// <summary>What was sent is longer than the host, or something before it, takes.</summary>
    TooLarge,

    /// <summary>Whoever asks for it may not do it.</summary>
    NotPermitted,

    /// <summary>Anything else.</summary>
    Unexpected,
}
