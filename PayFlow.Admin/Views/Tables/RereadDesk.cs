using Npgsql;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Puts checkpoints back, of several tables and terminals at once. What cannot be done at one terminal does not hold the others up.</summary>
internal sealed class RereadDesk(NpgsqlDataSource central, TimeProvider time)
{
    /// <summary>How many rows would be read again.</summary>
    /// <param name="targets">Which checkpoints.</param>
    /// <param name="since">What was changed since; null for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<RereadStep>> PreviewAsync(IReadOnlyList<RereadTarget> targets, DateTimeOffset? since, CancellationToken cancellationToken = default) =>
        EachAsync(targets, since, (reread, request) => reread.PreviewAsync(request, cancellationToken), cancellationToken);

    /// <summary>Puts them back; the next run reads the rows.</summary>
    public Task<IReadOnlyList<RereadStep>> ExecuteAsync(IReadOnlyList<RereadTarget> targets, DateTimeOffset? since, string actor, string? reason, CancellationToken cancellationToken = default) =>
        EachAsync(targets, since, (reread, request) => reread.ExecuteAsync(request, actor, reason, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<RereadStep>> EachAsync(
        IReadOnlyList<RereadTarget> targets, DateTimeOffset? since, Func<Reread, RereadRequest, Task<IReadOnlyList<RereadTable>>> work, CancellationToken cancellationToken)
    {
        var steps = new List<RereadStep>();
        foreach (var terminal in targets.GroupBy(t => t.Terminal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var tables = new List<RereadTable>();
            try
            {
                var path = await PathAsync(terminal.Key, cancellationToken);
                foreach (var request in Requests(terminal, since))
                    tables.AddRange(await Task.Run(() => work(new Reread(path, central, time), request), cancellationToken));
                steps.Add(new RereadStep(terminal.Key, tables));
            }
            catch (SyncException e)
            {
                steps.Add(new RereadStep(terminal.Key, tables, e));
            }
        }
        return steps;
    }

    // One request for the tables of a direction, and of those where both were chosen.
    private static IEnumerable<RereadRequest> Requests(IEnumerable<RereadTarget> targets, DateTimeOffset? since) =>
        targets.GroupBy(t => t.Table)
            .Select(t => (Table: t.Key, Direction: t.Select(d => d.Direction).Distinct().Count() > 1 ? SyncDirection.Both : t.First().Direction))
            .GroupBy(t => t.Direction)
            .Select(g => new RereadRequest { Tables = [.. g.Select(t => t.Table)], Direction = g.Key, Since = since });

    private async Task<string> PathAsync(string terminal, CancellationToken cancellationToken) =>
        TerminalFilePath.Require(await new TerminalRegistry(central).FindAsync(terminal, cancellationToken)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {terminal}", "It may have been removed meanwhile: load the page again.") { Terminal = terminal });
}
