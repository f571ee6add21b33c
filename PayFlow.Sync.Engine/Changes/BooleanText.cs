namespace PayFlow.Sync.Engine.Changes;

/// <summary>The words for true and false that PostgreSQL knows (https://www.postgresql.org/docs/current/datatype-boolean.html).</summary>
internal static class BooleanText
{
    /// <summary>Null when the text is neither.</summary>
    public static bool? Parse(string text) => text.Trim().ToLowerInvariant() switch
    {
        "1" or "t" or "true" or "y" or "yes" or "on" => true,
        "0" or "f" or "false" or "n" or "no" or "off" => false,
        _ => null,
    };
}
