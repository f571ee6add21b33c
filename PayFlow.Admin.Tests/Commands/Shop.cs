using PayFlow.Admin.Tests.Fixtures;

namespace PayFlow.Admin.Tests.Commands;

/// <summary>A central with a catalogue and a till's file, for the command line to work on.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private const string CentralSchema = """
        CREATE TABLE products (id varchar(36) PRIMARY KEY, name text NOT NULL, master_stock_quantity int NOT NULL DEFAULT 0);
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL, total numeric(15,4));
        INSERT INTO products SELECT 'p' || i, 'Product ' || i, i FROM generate_series(1, 20) i;
        """;

    private const string TillSchema = """
        CREATE TABLE products (id TEXT PRIMARY KEY, name TEXT NOT NULL, stock_quantity INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', number TEXT NOT NULL, total REAL);
        CREATE TABLE notes (text TEXT);
        """;

    /// <summary>Fits both databases.</summary>
    public const string GoodMap = """{"tables":[{"name":"products","direction":"push","renames":{"stock_quantity":"master_stock_quantity"}},{"name":"orders","direction":"pull","priority":1}]}""";

    private Shop(CentralDatabase central) => Central = central;

    public CentralDatabase Central { get; }

    public TerminalFile Till { get; } = new(TillSchema);

    public string MapPath => Path.Combine(Path.GetDirectoryName(Till.Path)!, "map.json");

    public static async Task<Shop> OpenAsync()
    {
        var central = await CentralDatabase.CreateMigratedAsync();
        await central.ExecuteAsync(CentralSchema);
        return new Shop(central);
    }

    /// <summary>A verb on this shop's till and central.</summary>
    public Task<CommandRun> RunAsync(string verb, params string[] options) => CommandRun.OfAsync([verb, "--sqlite", Till.Path, "--central", Central.ConnectionString, .. options]);

    /// <summary>The same with a table map.</summary>
    public async Task<CommandRun> RunWithMapAsync(string verb, string map, params string[] options)
    {
        await File.WriteAllTextAsync(MapPath, map);
        return await RunAsync(verb, ["--map", MapPath, .. options]);
    }

    public async ValueTask DisposeAsync()
    {
        await Central.DisposeAsync();
        Till.Dispose();
    }
}
