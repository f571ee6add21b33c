namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What there is to decide.</summary>
public enum DecisionShape
{
    /// <summary>Each field in dispute.</summary>
    Fields,

    /// <summary>Whether a row that one side deleted is restored or deleted.</summary>
    RestoreOrDelete,

    /// <summary>Whether the terminal's row gets another value or gives way to central's row that has it.</summary>
    TakenValue,
}
