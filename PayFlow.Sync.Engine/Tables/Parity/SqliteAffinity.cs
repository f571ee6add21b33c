namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What SQLite does with a value that is stored in a column: https://www.sqlite.org/datatype3.html#determination_of_column_affinity</summary>
internal enum SqliteAffinity
{
    Blob,
    Text,
    Numeric,
    Integer,
    Real,
}
