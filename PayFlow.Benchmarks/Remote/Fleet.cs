namespace PayFlow.Benchmarks.Remote;

/// <summary>Tills that go together.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<FleetTill> _tills = [];

    public IReadOnlyList<FleetTill> Tills => _tills;

    public void Add(FleetTill till) => _tills.Add(till);

    public async ValueTask DisposeAsync()
    {
        foreach (var till in _tills)
            await till.DisposeAsync();
    }
}
