using Npgsql;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>One decision about all open conflicts of a filter: looked at first, then made one by one, each in a transaction of its own, so that one that cannot be decided so holds up no other.</summary>
public sealed class BulkResolution(NpgsqlDataSource central, ConflictFilter filter, ConflictChoice choice)
{
    private const int ConflictsPerPage = 200;

    private readonly ConflictFilter _filter = filter with { State = ConflictState.Open };
    private readonly ConflictDesk _desk = new(central);

    /// <summary>What it would be about; changes nothing.</summary>
    /// <param name="first">How many to name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<BulkPreview> PreviewAsync(int first, CancellationToken cancellationToken = default) =>
        new(await _desk.CountAsync(_filter, cancellationToken), (await _desk.ListAsync(_filter, null, first, cancellationToken)).Conflicts);

    /// <summary>Decides them. Conflicts that come up meanwhile may be decided, too; what was decided when it is cancelled stays so.</summary>
    /// <param name="actor">Who decides.</param>
    /// <param name="reason">Why; may be null.</param>
    /// <param name="progress">Told after each; may be null.</param>
    /// <param name="cancellationToken">Ends it after the conflict that is under way.</param>
    /// <exception cref="SyncException">Central cannot be reached any more.</exception>
    public async Task<BulkResult> ExecuteAsync(string actor, string? reason = null, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var total = (await _desk.CountAsync(_filter, cancellationToken)).Sum(c => c.Conflicts);
        var resolver = new ConflictResolver(central);
        var plans = new Dictionary<string, CentralPlan>(StringComparer.Ordinal);
        var refused = new List<RefusedConflict>();
        var (resolved, after) = (0L, (long?)0);
        while (after is not null)
        {
            var page = await _desk.ListAsync(_filter, after, ConflictsPerPage, cancellationToken);
            foreach (var conflict in page.Conflicts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    await resolver.ResolveAsync(plans, conflict.Id, conflict.Version, choice, actor, reason, cancellationToken);
                    resolved++;
                }
                catch (SyncException e) when (!e.IsTransient)
                {
                    refused.Add(new RefusedConflict(conflict.Id, conflict.Row, e.Message, e.Hint));
                }
                progress?.Report(new BulkProgress(resolved + refused.Count, Math.Max(total, resolved + refused.Count)));
            }
            after = page.After;
        }
        return new BulkResult(resolved, refused);
    }
}
