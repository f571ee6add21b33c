namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Which side has changed a field since both agreed.</summary>
public enum ChangedBy
{
    Neither,
    Terminal,
    Central,
    Both,
}
