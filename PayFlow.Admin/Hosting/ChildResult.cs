namespace PayFlow.Admin.Hosting;

/// <summary>How a program ended and what it printed, both streams together.</summary>
internal sealed record ChildResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
