using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Whether terminals have what the filters of a new map ask of them; what the present map asks for in vain already is nothing that the new one breaks.</summary>
internal sealed class AttributeCheck
{
    // Neither a console nor devices need be there: the command line has central alone.
    private const string HasDevices = "SELECT to_regclass('console.devices') IS NOT NULL";

    private const string LetIn = "SELECT terminal_id FROM console.devices WHERE revoked_at IS NULL";

    private readonly TableMap _present;

    private AttributeCheck(TableMap present, IReadOnlyList<TerminalRecord> terminals)
    {
        _present = present;
        Terminals = terminals;
    }

    /// <summary>Those that sync: attached, or elsewhere with a key that holds.</summary>
    public IReadOnlyList<TerminalRecord> Terminals { get; }

    public static async Task<AttributeCheck> LoadAsync(NpgsqlDataSource central, CancellationToken cancellationToken)
    {
        var present = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        var letIn = await ReadLetInAsync(central, cancellationToken);
        var terminals = (await new TerminalRegistry(central).ListAsync(cancellationToken)).Where(t => t.State == TerminalState.Active && (t.FilePath is not null || letIn.Contains(t.Id)));
        return new AttributeCheck(present, [.. terminals]);
    }

    /// <summary>The attributes that the map newly asks of a terminal and it has not, with the tables whose filters do.</summary>
    /// <param name="map">The map as it would be.</param>
    /// <param name="attributes">The terminal's.</param>
    /// <param name="isElsewhere">It is no attached file.</param>
    /// <exception cref="SyncException">A filter of the map cannot be read.</exception>
    public IReadOnlyList<(string Attribute, IReadOnlyList<string> Tables)> Missing(TableMap map, IReadOnlyDictionary<string, string> attributes, bool isElsewhere)
    {
        var already = FilterAttributes.Missing(_present, attributes, isElsewhere).Select(m => m.Attribute).ToHashSet(StringComparer.Ordinal);
        return [.. FilterAttributes.Missing(map, attributes, isElsewhere).Where(m => !already.Contains(m.Attribute))];
    }

    /// <summary>The same as what it means: why a run of the terminal would be refused.</summary>
    public static PlanProblem[] Problems(IEnumerable<(string Attribute, IReadOnlyList<string> Tables)> missing) =>
        [.. missing.SelectMany(m => m.Tables.Select(t => new PlanProblem(t, null, $"its filter asks for the attribute {m.Attribute}, which the terminal does not have", "give the terminal that attribute first, or name another one")))];

    private static async Task<HashSet<string>> ReadLetInAsync(NpgsqlDataSource central, CancellationToken cancellationToken)
    {
        var letIn = new HashSet<string>(StringComparer.Ordinal);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using (var has = new NpgsqlCommand(HasDevices, connection))
        {
            if (await has.ExecuteScalarAsync(cancellationToken) is not true)
                return letIn;
        }
        await using var command = new NpgsqlCommand(LetIn, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            letIn.Add(reader.GetString(0));
        return letIn;
    }
}
