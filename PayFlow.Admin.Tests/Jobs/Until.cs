using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="condition">Asked again and again.</param>
    /// <param name="picture">What is the case instead, for whoever reads that it took too long.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? picture = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Limit, $"It did not come true within {Limit.TotalSeconds} s: {picture?.Invoke()}");
            await Task.Delay(50);
        }
    }
}
