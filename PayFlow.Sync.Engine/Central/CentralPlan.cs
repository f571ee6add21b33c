using Npgsql;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Central.Runs;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>Everything that follows from the map and both schemas, made once and kept until one of them changes.</summary>
internal sealed class CentralPlan
{
    private readonly string _version;
    private readonly string _terminalVersion;
    private readonly IReadOnlyDictionary<string, string> _attributes;

    private CentralPlan(SyncPlan plan, string version, Hello hello, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, int> captured, SystemSettings settings, bool isFirstTerminal, IReadOnlyDictionary<string, WriteLimit?> limits)
    {
        Plan = plan;
        _version = version;
        _terminalVersion = hello.SchemaVersion;
        _attributes = attributes;
        Captured = captured;
        Settings = settings;
        IsFirstTerminal = isFirstTerminal;
        Columns = plan.Tables.ToDictionary(t => t.Name, t => new PulledColumns(t, hello.Terminal, attributes), StringComparer.OrdinalIgnoreCase);
        Limits = limits;
        var merges = plan.Tables.Select((t, i) => (t.Name, Merge: new SectionMerge(new StagedTable(t, $"payflow_stage_{i}", CascadedChild.Of(t, plan)) { Visible = Columns[t.Name].LiteralFilter, Limit = Limits.GetValueOrDefault(t.Name) }))).ToDictionary(m => m.Name, m => m.Merge, StringComparer.OrdinalIgnoreCase);
        var names = plan.Tables.Where(t => t.Pulls).ToDictionary(t => t.Central.Name, t => t.Name, StringComparer.Ordinal);
        Uploads = new UploadOperation(hello.Terminal, merges, captured, names);
    }

    public SyncPlan Plan { get; }

    public uint[] Oids => [.. Plan.Tables.Select(t => t.Central.Oid)];

    public UploadOperation Uploads { get; }

    /// <summary>How tables are read for the terminal, by terminal table.</summary>
    public IReadOnlyDictionary<string, PulledColumns> Columns { get; }

    /// <summary>Which rows may be written, by terminal table: of a till elsewhere only.</summary>
    public IReadOnlyDictionary<string, WriteLimit?> Limits { get; }

    /// <summary>Terminal table to its number in the change log.</summary>
    public IReadOnlyDictionary<string, int> Captured { get; }

    public SystemSettings Settings { get; }

    /// <summary>The chain's first terminal has the specification's plain checkpoint keys.</summary>
    public bool IsFirstTerminal { get; }

    public bool Fits(string version, Hello hello, IReadOnlyDictionary<string, string> attributes) =>
        _version == version && _terminalVersion == hello.SchemaVersion && _attributes.Count == attributes.Count && _attributes.All(a => attributes.TryGetValue(a.Key, out var value) && value == a.Value);

    /// <param name="connection">Central.</param>
    /// <param name="hello">The terminal.</param>
    /// <param name="attributes">The terminal's.</param>
    /// <param name="isRemote">It is a till elsewhere: what it writes has to keep to <see cref="Limits"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<CentralPlan> LoadAsync(NpgsqlConnection connection, Hello hello, IReadOnlyDictionary<string, string> attributes, bool isRemote, CancellationToken cancellationToken)
    {
        var stored = await TableMapStore.LoadAsync(connection, cancellationToken);
        var central = await PostgresSchemaReader.ReadAsync(connection, cancellationToken);
        var plan = SyncPlanner.Build(stored.Map.Tables.Count == 0 ? null : stored.Map, hello.Schema, central);
        var captured = await CaptureInstaller.EnsureAsync(connection, plan, cancellationToken);
        await TerminalSchema.KeepAsync(connection, hello, cancellationToken);
        var settings = await SystemSettings.OpenAsync(connection, cancellationToken);
        var limits = isRemote ? await WriteLimits.LoadAsync(connection, plan, hello.Terminal, attributes, cancellationToken) : new Dictionary<string, WriteLimit?>();
        var loaded = new CentralPlan(plan, string.Empty, hello, attributes, captured, settings, await IsFirstAsync(connection, hello.Terminal, cancellationToken), limits);
        return new CentralPlan(plan, await PlanVersion.ReadAsync(connection, loaded.Oids, cancellationToken), hello, attributes, captured, settings, loaded.IsFirstTerminal, limits);
    }

    /// <summary>The plan of a terminal whose file is not at hand, from its tables as central saw them last.</summary>
    /// <exception cref="SyncException">Central has never seen them.</exception>
    public static async Task<CentralPlan> LoadStoredAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken, bool isRemote = false)
    {
        var (hello, attributes) = await TerminalSchema.ReadAsync(connection, terminal, cancellationToken);
        return await LoadAsync(connection, hello, attributes, isRemote, cancellationToken);
    }

    private static async Task<bool> IsFirstAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT id FROM payflow.terminals ORDER BY number LIMIT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string == terminal;
    }
}
