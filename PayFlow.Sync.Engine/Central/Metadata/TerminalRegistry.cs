using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>The terminals that belong to a central. Every operation is one statement, so that hosts may do it at once.</summary>
public sealed class TerminalRegistry(NpgsqlDataSource central)
{
    private const string Columns = """
        id, number, name, attributes::text, file_path, fingerprint, state, registered_at, last_seen_at, last_run_id, last_status,
        counter, nonce, lineage, log_generation, log_xid, log_id, queue::text, waiting_rows
        """;

    // Updated first and inserted only where there was none: an upsert alone would use up a number with each call, and numbers are key blocks.
    private const string Register = $"""
        WITH updated AS (
            UPDATE payflow.terminals AS t
               SET name = coalesce($2, t.name), attributes = coalesce($3, t.attributes), file_path = coalesce($4, t.file_path), state = 'active'
             WHERE id = $1
            RETURNING {Columns}
        ), inserted AS (
            INSERT INTO payflow.terminals AS t (id, name, attributes, file_path)
            SELECT $1, $2, coalesce($3, '{"{}"}'), $4
             WHERE NOT EXISTS (SELECT FROM updated)
            ON CONFLICT (id) DO UPDATE
               SET name = coalesce($2, t.name), attributes = coalesce($3, t.attributes), file_path = coalesce($4, t.file_path), state = 'active'
            RETURNING {Columns}
        )
        SELECT * FROM updated UNION ALL SELECT * FROM inserted
        """;

    private const string All = $"SELECT {Columns} FROM payflow.terminals ORDER BY number";

    private const string One = $"SELECT {Columns} FROM payflow.terminals WHERE id = $1";

    private const string Remove = "DELETE FROM payflow.terminals WHERE id = $1";

    private const int MaxIdLength = 200;

    private static readonly char[] AddressSigns = ['/', '\\', '?', '#', '%'];

    private const string SetState = "UPDATE payflow.terminals SET state = $2 WHERE id = $1";

    /// <summary>Registers a terminal, or makes a detached one active again. A null leaves what a registered terminal has.</summary>
    /// <param name="id">The terminal's name for ever; not blank.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="attributes">All of its attributes; they replace the old ones.</param>
    /// <param name="filePath">Where an attached terminal's file lies.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <exception cref="SyncException">The id cannot be used.</exception>
    public async Task<TerminalRecord> RegisterAsync(
        string id,
        string? name = null,
        IReadOnlyDictionary<string, string>? attributes = null,
        string? filePath = null,
        CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        return await RegisterAsync(connection, id, name, attributes, filePath, cancellationToken);
    }

    /// <summary>The same within the caller's transaction.</summary>
    /// <exception cref="SyncException">The id cannot be used.</exception>
    public static async Task<TerminalRecord> RegisterAsync(NpgsqlConnection connection, string id, string? name, IReadOnlyDictionary<string, string>? attributes, string? filePath, CancellationToken cancellationToken)
    {
        RequireId(id);
        await using var command = new NpgsqlCommand(Register, connection);
        command.Parameters.Add(Text(id));
        command.Parameters.Add(Text(name));
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = attributes is null ? DBNull.Value : JsonSerializer.Serialize(attributes),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        command.Parameters.Add(Text(filePath));
        return (await ReadAsync(command, cancellationToken)).Single();
    }

    /// <summary>All terminals, in the order of their registration.</summary>
    public async Task<IReadOnlyList<TerminalRecord>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(All);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>The terminal of that id; null when none is registered.</summary>
    public async Task<TerminalRecord?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(One);
        command.Parameters.Add(Text(id));
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Detaches a terminal or takes it back.</summary>
    /// <exception cref="SyncException">No terminal of that id is registered.</exception>
    public async Task SetStateAsync(string id, TerminalState state, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(SetState);
        command.Parameters.Add(Text(id));
        command.Parameters.Add(Text(state == TerminalState.Detached ? "detached" : "active"));
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"terminal {id} is not registered", "List the registered terminals and check the spelling.") { Terminal = id };
    }

    /// <summary>Forgets a terminal that never came to sync anything. One that did is taken out of service instead, because its rows and runs name it.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Remove);
        command.Parameters.Add(Text(id));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Checks that an id can be a terminal's.</summary>
    /// <exception cref="SyncException">It cannot; the message says why.</exception>
    public static void RequireId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (WhyNot(id) is { } why)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"'{id.ReplaceLineEndings(" ")}' cannot be a terminal's id: {why}",
                "Use letters, digits, hyphens and the like, such as till-01; the name for people may be anything.");
        }
    }

    // Ids are parts of addresses. Browsers and proxies take "." and ".." for folders, and what is escaped for what it stands for.
    private static string? WhyNot(string id) => id switch
    {
        _ when string.IsNullOrWhiteSpace(id) => "it is blank",
        _ when id != id.Trim() => "it begins or ends with a blank",
        { Length: > MaxIdLength } => $"it is longer than {MaxIdLength} characters",
        "." or ".." => "in an address it would be a folder",
        _ when id.Any(char.IsControl) => "it has a control character",
        _ when id.IndexOfAny(AddressSigns) is var at and >= 0 => $"in an address {id[at]} has another meaning",
        _ => null,
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task<List<TerminalRecord>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var terminals = new List<TerminalRecord>();
        while (await reader.ReadAsync(cancellationToken))
            terminals.Add(Terminal(reader));
        return terminals;
    }

    private static TerminalRecord Terminal(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Number = row.GetInt32(1),
        Name = Optional<string>(row, 2),
        Attributes = Texts(row.GetString(3)),
        FilePath = Optional<string>(row, 4),
        Fingerprint = Optional<string>(row, 5),
        State = row.GetString(6) == "detached" ? TerminalState.Detached : TerminalState.Active,
        RegisteredAt = row.GetFieldValue<DateTimeOffset>(7),
        LastSeenAt = Optional<DateTimeOffset?>(row, 8),
        LastRunId = Optional<Guid?>(row, 9),
        LastStatus = Optional<string>(row, 10),
        Counter = row.GetInt64(11),
        Nonce = Optional<Guid?>(row, 12),
        Lineage = row.GetGuid(13),
        LogGeneration = row.GetInt32(14),
        LogXid = row.GetFieldValue<ulong>(15),
        LogId = row.GetInt64(16),
        Queue = row.GetString(17),
        WaitingRows = row.GetInt64(18),
    };

    private static T? Optional<T>(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? default : row.GetFieldValue<T>(ordinal);

    /// <summary>Attributes are written as texts here, but an administrator may have put a number there by hand.</summary>
    private static Dictionary<string, string> Texts(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal);
    }
}
