using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Security;

/// <summary>Links that work once and for 24 hours. Central keeps their hash only, so that a copy of the database opens nothing.</summary>
internal sealed class OneTimeLinks(NpgsqlDataSource central)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const int TokenBytes = 32;

    // A new link for the same user takes the place of the old one; old ones of nobody's are kept until they expire, for each host that starts prints one.
    private const string Insert = """
        WITH gone AS (DELETE FROM console.one_time_links WHERE expires_at < now() OR user_id = $2)
        INSERT INTO console.one_time_links (token_hash, user_id, expires_at) VALUES ($1, $2, now() + $3)
        """;

    private const string Read = "SELECT user_id FROM console.one_time_links WHERE token_hash = $1 AND expires_at > now()";

    private const string Use = "DELETE FROM console.one_time_links WHERE token_hash = $1 AND expires_at > now() RETURNING user_id";

    private const string Clear = "DELETE FROM console.one_time_links WHERE user_id IS NULL";

    /// <summary>Makes a link's token; it cannot be read again.</summary>
    /// <param name="user">Whose password it sets; null: the first administrator's, who is not there yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> CreateAsync(Guid? user, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var command = central.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(new() { Value = (object?)user ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = Life });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return token;
    }

    /// <summary>Whether the link still works, and for whom; using it is <see cref="UseAsync"/>.</summary>
    public async Task<OneTimeLink?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        await using var command = central.CreateCommand(Read);
        command.Parameters.Add(new() { Value = Hash(token) });
        return Of(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Uses the link up within the transaction of <paramref name="connection"/>; null when somebody else was quicker.</summary>
    public static async Task<OneTimeLink?> UseAsync(NpgsqlConnection connection, string token, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Use, connection) { Parameters = { new() { Value = Hash(token) } } };
        return Of(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Ends all links to the first administrator.</summary>
    public static async Task ClearSetUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Clear, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static OneTimeLink? Of(object? user) => user switch
    {
        null => null,
        Guid id => new OneTimeLink(id),
        _ => new OneTimeLink(null),
    };

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
