using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>What a bootstrap did, or would do, by table.</summary>
public sealed record BootstrapReport(IReadOnlyList<BootstrapTable> Tables)
{
    public long Rows => Tables.Sum(t => t.Read);

    /// <summary>Reads a job's result.</summary>
    public static BootstrapReport Read(string json) => JobJson.ReadResult<BootstrapReport>(json);
}
