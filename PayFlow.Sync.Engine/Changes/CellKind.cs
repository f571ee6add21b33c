namespace PayFlow.Sync.Engine.Changes;

/// <summary>SQLite's five storage classes, plus a reference that only central can translate.</summary>
public enum CellKind : byte
{
    Null,
    Integer,
    Real,
    Text,
    Blob,

    /// <summary>A foreign key that still names the parent by the terminal's own key (as text); central replaces it by way of the link table.</summary>
    LocalReference,
}
