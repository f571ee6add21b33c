namespace PayFlow.Faults.Chain;

/// <summary>Draws from a seeded source.</summary>
internal static class RandomChoice
{
    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    public static T Pick<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
