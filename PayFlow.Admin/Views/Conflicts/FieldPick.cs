namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Where a field's result comes from.</summary>
public enum FieldPick
{
    /// <summary>Nobody has chosen yet.</summary>
    None,

    Terminal,
    Central,

    /// <summary>What both sides last agreed on.</summary>
    Base,

    /// <summary>A value that was typed.</summary>
    Own,
}
