namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Where a field's value comes from.</summary>
public enum FieldSource
{
    Terminal,
    Central,

    /// <summary>What both sides last agreed on.</summary>
    Base,

    /// <summary>A value that is given.</summary>
    Value,
}
