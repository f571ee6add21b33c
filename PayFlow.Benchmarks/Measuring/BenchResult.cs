using System.Text.Json.Serialization;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>One figure: what was measured, beside what it is measured against.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Seconds">The median of the subject.</param>
/// <param name="FloorSeconds">The median of the floor, taken in the same run; null where the target is a fixed size.</param>
/// <param name="Ratio">What has to stay below the target.</param>
/// <param name="Target">The design's figure; null where the figure only informs.</param>
/// <param name="Note">What the figure says, in words.</param>
internal sealed record BenchResult(string Name, double Seconds, double? FloorSeconds, double Ratio, double? Target, string Note)
{
    [JsonIgnore]
    public bool IsReached => Target is null || Ratio <= Target;
}
