namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Defaults that both databases can express, and the rest.</summary>
internal enum SqlDefaultKind
{
    /// <summary>NULL, which is no default at all.</summary>
    None,
    Number,
    String,
    Boolean,

    /// <summary>The current date and time, in UTC.</summary>
    Now,

    /// <summary>The current date, in UTC.</summary>
    Today,

    /// <summary>Anything else; not translated.</summary>
    Expression,
}
