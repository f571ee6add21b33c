namespace PayFlow.Admin.Views.Consistency;

/// <summary>A terminal that its last comparison has proven to differ from central, and that nobody has repaired since.</summary>
public sealed record ProvenDifference(string Terminal, long Rows, DateTimeOffset At);
