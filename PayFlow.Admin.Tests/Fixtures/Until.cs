namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">It does not become true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException("The condition has not become true.");
            await Task.Delay(50);
        }
    }
}
