namespace PayFlow.Admin.Components.Controls;

/// <summary>Whether a dialog asks why.</summary>
public enum ReasonRule
{
    None,
    Optional,
    Required,
}
