namespace PayFlow.Admin.Security;

/// <summary>Makes ready what signing in needs, before the host listens: the shared keys, and somebody who can sign in. Runs behind the migration.</summary>
internal sealed class SecurityStart(SharedSecrets secrets, FirstAdmin first) : IHostedService
{
    /// <summary>The path of the link that makes the first administrator; null when there is one.</summary>
    public string? SetUpPath { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await secrets.LoadAsync(cancellationToken);
        SetUpPath = await first.EnsureAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
