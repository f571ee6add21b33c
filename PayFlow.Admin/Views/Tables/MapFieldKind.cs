namespace PayFlow.Admin.Views.Tables;

/// <summary>How a field of the map is edited.</summary>
public enum MapFieldKind
{
    Text,

    /// <summary>Column names, separated by commas.</summary>
    Columns,

    /// <summary><c>terminal=central</c>, one to a line.</summary>
    Renames,
    Number,

    /// <summary>One of some words.</summary>
    Choice,
    Flag,
}
