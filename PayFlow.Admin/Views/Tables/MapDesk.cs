using Npgsql;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Loads, checks and saves the table map.</summary>
internal sealed class MapDesk(NpgsqlDataSource central)
{
    /// <summary>Terminals whose files are looked at; of a chain's tills one is as another.</summary>
    private const int TerminalsToCheck = 20;

    public Task<StoredTableMap> LoadAsync(CancellationToken cancellationToken = default) => new TableMapStore(central).LoadAsync(cancellationToken);

    /// <summary>Tables that could be synced and are not in the map: central has them, PayFlow's own and PostgreSQL's apart.</summary>
    public async Task<IReadOnlyList<string>> SuggestAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var schema = await PostgresSchemaReader.ReadAsync(connection, cancellationToken);
        return [.. schema.Tables.Select(t => t.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Says what the map would mean for the attached terminals. Changes nothing.</summary>
    public async Task<MapCheckResult> CheckAsync(TableMap map, CancellationToken cancellationToken = default)
    {
        var attributes = await AttributeCheck.LoadAsync(central, cancellationToken);
        var active = attributes.Terminals;
        var attached = active.Where(t => t.FilePath is not null).ToList();
        var looked = attached.OrderByDescending(t => File.Exists(t.FilePath)).ThenBy(t => t.Number).Take(TerminalsToCheck).OrderBy(t => t.Number).ToList();
        var effects = new MapEffect?[looked.Count];
        var failures = new SyncException?[looked.Count];
        await Parallel.ForAsync(0, looked.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                effects[i] = await new MapPreview(TerminalFilePath.Require(looked[i]), central).ReadAsync(map, null, token);
            }
            catch (SyncException e) when (e.Code != SyncErrorCode.CentralUnavailable)
            {
                failures[i] = e;
            }
        });
        var unseen = active.Except(looked.Where((_, i) => effects[i] is not null)).Select(t => JudgeUnseen(attributes, t, map)).OfType<MapEffect>();
        return new MapCheckResult(
            [.. effects.OfType<MapEffect>(), .. unseen],
            looked.Index().Where(t => failures[t.Index] is not null).ToDictionary(t => t.Item.Id, t => failures[t.Index]!),
            attached.Count - looked.Count,
            active.Count - attached.Count);
    }

    /// <summary>Saves the map, having checked it once more, and writes it into the audit, in one transaction.</summary>
    /// <param name="map">The map.</param>
    /// <param name="version">The version that was edited.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why; null when nobody said.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="SyncException">It does not fit the databases, or (<see cref="SyncErrorCode.Busy"/>) somebody else has saved another one meanwhile.</exception>
    public async Task<long> SaveAsync(TableMap map, long version, string actor, string? reason, CancellationToken cancellationToken = default)
    {
        var check = await CheckAsync(map, cancellationToken);
        if (check.Effects.FirstOrDefault(e => e.Problems.Count > 0) is { } unfit)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The map does not fit terminal {unfit.Terminal}: {unfit.Problems[0]}", "Correct it; nothing was changed.") { Terminal = unfit.Terminal, Table = unfit.Problems[0].Table };
        var before = (await LoadAsync(cancellationToken)).Map;
        return await new TableMapStore(central).SaveAsync(map, version, connection => AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = "map.save",
            TableName = Changed(before, map) is [var only] ? only : null,
            Detail = AuditLog.Detail(new { reason, version, before = Entries(before, map), after = Entries(map, before), order = map.Tables.Select(t => t.Name) }),
        }, cancellationToken), cancellationToken);
    }

    // Of a till elsewhere, or one that is switched off, central knows the attributes at least: without those that filters ask for its next run would be refused.
    private static MapEffect? JudgeUnseen(AttributeCheck attributes, TerminalRecord terminal, TableMap map)
    {
        PlanProblem[] problems;
        try
        {
            problems = AttributeCheck.Problems(attributes.Missing(map, terminal.Attributes, isElsewhere: terminal.FilePath is null));
        }
        catch (SyncException e)
        {
            problems = [new PlanProblem(e.Table ?? string.Empty, null, e.Message, e.Hint ?? string.Empty)];
        }
        return problems.Length == 0 ? null : new MapEffect { Terminal = terminal.Id, Problems = problems };
    }

    /// <summary>Tables whose entries differ between two maps.</summary>
    internal static IReadOnlyList<string> Changed(TableMap one, TableMap other) =>
        [.. Entries(one, other).Keys.Union(Entries(other, one).Keys).Order(StringComparer.Ordinal)];

    // Those of a map that the other does not have just so.
    private static Dictionary<string, string> Entries(TableMap map, TableMap other)
    {
        var others = other.Tables.ToDictionary(t => t.Name, Text);
        return map.Tables.Where(t => others.GetValueOrDefault(t.Name) != Text(t)).ToDictionary(t => t.Name, Text);
    }

    private static string Text(TableMapEntry entry) => TableMapJson.Write(new TableMap([entry]));
}
