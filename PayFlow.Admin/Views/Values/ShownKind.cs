namespace PayFlow.Admin.Views.Values;

/// <summary>What kind of value is shown.</summary>
public enum ShownKind
{
    /// <summary>That side has no such row, or no such field.</summary>
    Missing,

    /// <summary>NULL, which is not an empty text.</summary>
    Null,

    /// <summary>A text without a character.</summary>
    Empty,

    Text,
    Number,
    Bytes,
}
