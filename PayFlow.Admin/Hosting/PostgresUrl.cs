using System.Globalization;
using Npgsql;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>
/// Reads <c>postgresql://user:password@host:port,host:port/database?parameter=value</c> as libpq does
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), percent-decoding every part.
/// </summary>
internal static class PostgresUrl
{
    /// <summary>libpq's names for what Npgsql calls otherwise; any other parameter is taken as a keyword of Npgsql.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["load_balance_hosts"] = "Load Balance Hosts",
        ["krbsrvname"] = "Kerberos Service Name",
    };

    public static bool IsUrl(string text) => SchemeLength(text) > 0;

    /// <exception cref="SyncException">The URL is malformed; the message names <paramref name="source"/> and never a value.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, string source)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var (rest, query) = Cut(text[SchemeLength(text)..], '?');
        var (authority, database) = Cut(rest, '/');

        // A password with an unescaped @ in it is read as its writer meant it: the last one ends it.
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            SetText(builder, "Username", user, source);
            SetText(builder, "Password", password, source);
        }
        var hosts = authority[(at + 1)..];
        if (hosts.Length > 0)
            SetHosts(builder, hosts, source);
        SetText(builder, "Database", database, source);

        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
            SetParameter(builder, pair, source);
        return builder;
    }

    private static int SchemeLength(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) ? 13
        : text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) ? 11
        : 0;

    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts, string source)
    {
        var several = hosts.Contains(',', StringComparison.Ordinal);
        var names = new List<string>();
        foreach (var item in hosts.Split(','))
        {
            // The colons of an IPv6 address stand in brackets.
            var colon = item.IndexOf(':', item.LastIndexOf(']') + 1);
            var host = Decode(colon < 0 ? item : item[..colon], source);
            var port = colon < 0 || colon == item.Length - 1 ? null : Port(item[(colon + 1)..], source);
            if (!several && port is { } only)
                builder.Port = only;
            names.Add(several && port is not null ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}") : several ? host : host.Trim('[', ']'));
        }
        builder.Host = string.Join(',', names);
    }

    private static int? Port(string text, string source) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw CentralConnection.Malformed(source, "the port is not a number from 1 to 65535");

    private static void SetParameter(NpgsqlConnectionStringBuilder builder, string pair, string source)
    {
        var (encodedName, encodedValue) = Cut(pair, '=');
        var name = Decode(encodedName, source);
        var value = Decode(encodedValue ?? throw CentralConnection.Malformed(source, "a parameter has no value"), source);
        var keyword = Parameters.GetValueOrDefault(name, name);
        if (keyword == "SSL Mode")
            // verify-full is Npgsql's VerifyFull.
            value = value.Replace("-", "", StringComparison.Ordinal);
        else if (keyword == "Load Balance Hosts")
            value = value switch { "random" => "true", "disable" => "false", _ => value };
        CentralConnection.Set(builder, keyword, value, source, name);
    }

    private static void SetText(NpgsqlConnectionStringBuilder builder, string keyword, string? encoded, string source)
    {
        if (!string.IsNullOrEmpty(encoded))
            builder[keyword] = Decode(encoded, source);
    }

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static string Decode(string text, string source)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                throw CentralConnection.Malformed(source, "a % is not followed by two hexadecimal digits (write %25 for the sign itself)");
        return Uri.UnescapeDataString(text);
    }
}
