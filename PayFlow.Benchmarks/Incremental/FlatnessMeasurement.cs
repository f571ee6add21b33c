using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Incremental;

/// <summary>A thousand changes on each side of a large and of a small table: the time must follow the changes, not the rows.</summary>
internal sealed class FlatnessMeasurement : IMeasurement
{
    private const int RoundCount = 7;

    public string Name => "incremental-flatness";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var large = await LoadedPair.CreateAsync(context, context.Rows * 5);
        await using var small = await LoadedPair.CreateAsync(context, Math.Max(context.Rows / 20, LoadedPair.Changes * 4));
        // What only a first run pays for (plans, prepared statements) is no part of it.
        await large.RoundAsync(context);
        await small.RoundAsync(context);
        var rounds = await Rounds.AlternateAsync(RoundCount, _ => large.RoundAsync(context), _ => small.RoundAsync(context));
        return [new(Name, rounds.Subject, rounds.Floor, rounds.Ratio, 1.3, $"{LoadedPair.Changes:N0} changes on each side at {large.Rows:N0} rows; floor: at {small.Rows:N0}")];
    }
}
