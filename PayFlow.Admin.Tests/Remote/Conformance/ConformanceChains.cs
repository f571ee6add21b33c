using Xunit;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>A central and a host for each client, kept for all cases.</summary>
public sealed class ConformanceChains : IAsyncLifetime
{
    internal ConformanceSchema Schema { get; } = ConformanceSchema.Read();

    internal RemoteChain Engine { get; private set; } = null!;

    internal RemoteChain Capacitor { get; private set; } = null!;

    internal CapacitorProcess Process { get; } = new();

    public async Task InitializeAsync()
    {
        var tables = string.Join(";\n", Schema.Central);
        // A short limit, so that a case can have rows that are too long without being long itself.
        Engine = await RemoteChain.CreateAsync(tables, Schema.Tables, "PAYFLOW_UPLOAD_LIMIT_MB=1");
        Capacitor = await RemoteChain.CreateAsync(tables, Schema.Tables, "PAYFLOW_UPLOAD_LIMIT_MB=1");
    }

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await Engine.DisposeAsync();
        await Capacitor.DisposeAsync();
    }
}
