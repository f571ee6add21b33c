namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>How a row differs.</summary>
public enum DifferenceKind
{
    /// <summary>Central has the row, the terminal does not.</summary>
    MissingInTerminal,

    /// <summary>The terminal has the row, central (as far as it is the terminal's business) does not.</summary>
    MissingInCentral,

    /// <summary>Both have it, with different values.</summary>
    Different,
}
