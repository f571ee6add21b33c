namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>One step of a case; one of its parts says what is done.</summary>
internal sealed record ConformanceStep
{
    /// <summary>Statements in central.</summary>
    public string? Central { get; init; }

    /// <summary>Statements in the till's file, as a POS program runs them.</summary>
    public string? Till { get; init; }

    public ConformanceSync? Sync { get; init; }

    public ConformanceCheck? Check { get; init; }

    /// <summary>The open conflict of <see cref="Key"/> is decided for this side.</summary>
    public string? Decide { get; init; }

    public string? Key { get; init; }

    /// <summary>A backup of the till's file is made.</summary>
    public bool Keep { get; init; }

    /// <summary>The backup is put in the file's place.</summary>
    public bool Restore { get; init; }

    /// <summary>A run of the backup at another place, as somebody does who copies a till.</summary>
    public ConformanceSync? Elsewhere { get; init; }

    /// <summary>The device's key ends.</summary>
    public bool Revoke { get; init; }

    /// <summary>The till is registered anew, with another code.</summary>
    public bool Register { get; init; }
}
