using System.Text.Json;
using Npgsql;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Demo;

/// <summary>Where the demo keeps its tills, and the note by which it knows its own central again.</summary>
internal sealed class DemoFolder(string path)
{
    private const string UserTables = """
        SELECT schemaname || '.' || tablename
        FROM pg_catalog.pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        ORDER BY schemaname = 'payflow', 1
        """;

    private const string CentralId = "SELECT id FROM payflow.central";

    private readonly string _signIn = System.IO.Path.Combine(path, "sign-in.json");

    private readonly string _note = System.IO.Path.Combine(path, "demo.json");

    public string Path { get; } = path;

    /// <summary>A till's file.</summary>
    public string TillFile(string code) => System.IO.Path.Combine(Path, $"till-{code}.db");

    /// <summary>Lets only an empty database pass, or the one that this demo has made: it would be wrong to sell into somebody's real chain.</summary>
    /// <exception cref="SyncException">The database holds something else; nothing was changed.</exception>
    public async Task RequireOwnAsync(NpgsqlDataSource central, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var tables = await ReadTablesAsync(connection, cancellationToken);
        var known = Read();
        var actual = tables.Contains("payflow.central") ? await ReadCentralIdAsync(connection, cancellationToken) : null;
        if (known is null && tables.Count > 0)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"database {connection.Database} is not empty (it has {string.Join(", ", tables.Take(3))}{(tables.Count > 3 ? ", …" : string.Empty)}): the demo makes a chain of its own and touches no other",
                "Leave --central and DATABASE_URL out, so that the demo runs a private PostgreSQL, or name an empty database.");
        }
        if (known is not null && known != actual)
        {
            throw new SyncException(
                SyncErrorCode.IdentityMismatch,
                $"the demo in {Path} belongs to another central than database {connection.Database}",
                "Use the central it was begun with, begin a new one with --data FOLDER, or delete the folder.");
        }
    }

    /// <summary>Notes which central the demo belongs to; before anything is created there, so that a start that was cut short goes on.</summary>
    public async Task ClaimAsync(NpgsqlDataSource central, CancellationToken cancellationToken)
    {
        if (Read() is not null)
            return;
        Directory.CreateDirectory(Path);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var id = await ReadCentralIdAsync(connection, cancellationToken);
        var fresh = _note + ".new";
        await File.WriteAllTextAsync(fresh, JsonSerializer.Serialize(new Note(id!.Value)), cancellationToken);
        File.Move(fresh, _note, overwrite: true);
    }

    /// <summary>The demo's administrator, made now or known from before; null when somebody else is administrator there.</summary>
    public async Task<DemoAdmin?> AdminAsync(FirstAdmin first, CancellationToken cancellationToken)
    {
        if (await first.CreateDemoAsync(cancellationToken) is not { } made)
            return File.Exists(_signIn) ? JsonSerializer.Deserialize<DemoAdmin>(await File.ReadAllTextAsync(_signIn, cancellationToken)) : null;
        var admin = new DemoAdmin(made.Email, made.Password);
        // Created for nobody else's eyes before anything is in it.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(_signIn, options);
        await JsonSerializer.SerializeAsync(file, admin, cancellationToken: cancellationToken);
        return admin;
    }

    private Guid? Read() => File.Exists(_note) ? JsonSerializer.Deserialize<Note>(File.ReadAllText(_note))?.Central : null;

    private static async Task<List<string>> ReadTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UserTables, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task<Guid?> ReadCentralIdAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CentralId, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private sealed record Note(Guid Central);
}
