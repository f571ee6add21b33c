using System.Data.Common;
using Npgsql;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>Where the central database is, as the user says it: by option, by environment, or not at all. No message repeats a value, for it may be a password.</summary>
public static class CentralConnection
{
    private const string OptionName = "--central";

    /// <summary>Looked at in this order when there is no option. The first is the name that ASP.NET Core gives to <c>ConnectionStrings:Central</c>.</summary>
    private static readonly string[] Variables = ["ConnectionStrings__Central", "DATABASE_URL"];

    /// <summary>The connection string in Npgsql's form, checked but not tried; null when none is configured.</summary>
    /// <exception cref="SyncException">It is malformed (<see cref="SyncErrorCode.InvalidConfiguration"/>).</exception>
    public static string? Resolve(string? option, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (!string.IsNullOrWhiteSpace(option))
            return Parse(option, OptionName);
        foreach (var variable in Variables)
            if (environment(variable) is { } value && !string.IsNullOrWhiteSpace(value))
                return Parse(value, variable);
        return null;
    }

    private static string Parse(string text, string source)
    {
        text = text.Trim();
        var builder = PostgresUrl.IsUrl(text) ? PostgresUrl.Parse(text, source) : ParseKeywords(text, source);
        if (string.IsNullOrWhiteSpace(builder.Host))
            throw Malformed(source, "it names no host");
        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder ParseKeywords(string text, string source)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Malformed(source, "it is not a list of Keyword=value pairs");
        }

        // With an unquoted ; in it, part of a password looks like a keyword.
        var mayLeak = given.Keys.Cast<string>().Any(keyword => keyword is "password" or "pwd" or "psw" or "ssl password");
        var builder = new NpgsqlConnectionStringBuilder();
        foreach (string keyword in given.Keys)
            Set(builder, keyword, given[keyword], source, mayLeak ? null : keyword);
        return builder;
    }

    /// <summary>Sets one keyword; a trouble is told with <paramref name="name"/>, or without a name where even that might give away a secret.</summary>
    internal static void Set(NpgsqlConnectionStringBuilder builder, string keyword, object value, string source, string? name)
    {
        if (!builder.ContainsKey(keyword))
            throw Malformed(source, name is null ? "it has an unknown keyword" : $"'{name}' is not a known keyword");
        try
        {
            builder[keyword] = value;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException or KeyNotFoundException)
        {
            // What was caught quotes the value, so it is not passed on. The keyword is a known one, so it may be named.
            throw Malformed(source, $"the value of '{keyword}' is not valid");
        }
    }

    internal static SyncException Malformed(string source, string reason) => new(
        SyncErrorCode.InvalidConfiguration,
        $"The central connection string of {source} is malformed: {reason}.",
        "Write \"Host=…;Username=…;Password=…;Database=…\" (a value with ; in quotes), or postgres://user:password@host:5432/database with special characters percent-encoded.");
}
