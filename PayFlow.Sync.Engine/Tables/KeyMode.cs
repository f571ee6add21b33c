namespace PayFlow.Sync.Engine.Tables;

/// <summary>How a terminal's row knows its central row.</summary>
public enum KeyMode
{
    /// <summary>Both sides have the same key: the row is linked by itself.</summary>
    Shared,

    /// <summary>The terminal has a key of its own (<c>local_id</c>) and <c>server_id</c>; the pair is kept in the link table.</summary>
    Linked,
}
