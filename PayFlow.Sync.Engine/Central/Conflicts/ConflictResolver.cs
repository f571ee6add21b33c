using Npgsql;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>
/// Decides conflicts. A decision changes central in one transaction: the row, links, journal, conflict, audit and a row of <c>sync_log</c>. It reaches the terminal at its next sync,
/// which asks for it; the terminal's file need not be at hand.
/// </summary>
public sealed class ConflictResolver(NpgsqlDataSource central)
{
    private const int Attempts = 4;

    /// <summary>The conflict's own terminal decides, from afar: only about rows that it could read or write anyway.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Decides one conflict. Decided in the same way before, it says so and does nothing.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="expectedVersion">The version that was looked at; null to decide whatever there is now.</param>
    /// <param name="choice">The decision.</param>
    /// <param name="actor">Who decides.</param>
    /// <param name="reason">Why, for the record; may be null.</param>
    /// <param name="cancellationToken">Ends it before it is done.</param>
    /// <exception cref="SyncException"><see cref="SyncErrorCode.Moved"/>: either side has changed since, and the conflict shows the new state; <see cref="SyncErrorCode.ValueRefused"/>: central does not take a value.</exception>
    public Task<ResolutionOutcome> ResolveAsync(long id, int? expectedVersion, ConflictChoice choice, string actor, string? reason = null, CancellationToken cancellationToken = default) =>
        ResolveAsync(new Dictionary<string, CentralPlan>(StringComparer.Ordinal), id, expectedVersion, choice, actor, reason, cancellationToken);

    /// <summary>As the other, with the terminals' plans kept for the next conflict.</summary>
    internal async Task<ResolutionOutcome> ResolveAsync(Dictionary<string, CentralPlan> plans, long id, int? expectedVersion, ConflictChoice choice, string actor, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choice);
        if (string.IsNullOrWhiteSpace(actor))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "A decision needs somebody who made it", "Say who decides.");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ResolveOnceAsync(plans, id, expectedVersion, choice, actor, reason, cancellationToken);
            }
            // Somebody else was at the same row, and PostgreSQL let the other one go first.
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < Attempts)
            {
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw CentralFailure.Translate(e, CentralFailure.Place(central.ConnectionString));
            }
        }
    }

    private async Task<ResolutionOutcome> ResolveOnceAsync(Dictionary<string, CentralPlan> plans, long id, int? expectedVersion, ConflictChoice choice, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var conflict = await ConflictStore.ReadAsync(connection, id, isLocked: false, cancellationToken);
        if (!plans.TryGetValue(conflict.Terminal, out var plan))
            plans[conflict.Terminal] = plan = await CentralPlan.LoadStoredAsync(connection, conflict.Terminal, cancellationToken, IsRemote);
        return await new Resolution(connection, ConflictTable.Of(plan, conflict), choice, actor, reason, IsRemote).ExecuteAsync(conflict, expectedVersion, cancellationToken);
    }
}
