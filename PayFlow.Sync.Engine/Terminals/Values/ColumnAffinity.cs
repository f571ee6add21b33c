namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>What SQLite turns values into when it stores them: https://www.sqlite.org/datatype3.html#determination_of_column_affinity</summary>
internal enum ColumnAffinity
{
    /// <summary>BLOB, once called NONE: everything stays what it is.</summary>
    None,
    Text,
    Integer,
    Real,
    Numeric,
}
