namespace PayFlow.Faults.Chain;

/// <summary>One thing that is wrong, in words.</summary>
internal sealed record Finding(FindingKind Kind, string Text)
{
    public override string ToString() => $"{Kind.ToString().ToUpperInvariant()}: {Text}";
}
