using System.Globalization;
using System.Net;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Security;

/// <summary>What the environment says about sign-in, tokens and proxies. Without any of it the console is safe and works.</summary>
internal sealed record SecuritySettings
{
    public const string AdminEmailVariable = "PAYFLOW_ADMIN_EMAIL";
    public const string AdminPasswordVariable = "PAYFLOW_ADMIN_PASSWORD";
    public const string TokenKeyVariable = "PAYFLOW_TOKEN_KEY";
    public const string AuthorityVariable = "PAYFLOW_OIDC_AUTHORITY";
    public const string AudienceVariable = "PAYFLOW_OIDC_AUDIENCE";
    public const string ProxiesVariable = "PAYFLOW_TRUSTED_PROXIES";
    public const string MetricsOpenVariable = "PAYFLOW_METRICS_OPEN";
    public const string RateVariable = "PAYFLOW_RATE_LIMIT";
    public const string DeviceRateVariable = "PAYFLOW_DEVICE_RATE_LIMIT";
    public const string UploadLimitVariable = "PAYFLOW_UPLOAD_LIMIT_MB";
    public const string SessionCheckVariable = "PAYFLOW_SESSION_CHECK";
    public const string TokenRateVariable = "PAYFLOW_TOKEN_RATE_LIMIT";

    private const int KeyBytes = 32;

    private const int MostMegabytes = 96;

    /// <summary>The first administrator, as the environment names them; used only while there is none.</summary>
    public string? AdminEmail { get; init; }

    public string? AdminPassword { get; init; }

    /// <summary>Signs the API's tokens; null: one that is made once and kept in central.</summary>
    public byte[]? TokenKey { get; init; }

    /// <summary>An OpenID Connect authority whose tokens the API takes instead of its own; null: its own.</summary>
    public Uri? Authority { get; init; }

    /// <summary>For whom that authority's tokens must be.</summary>
    public string? Audience { get; init; }

    /// <summary>Proxies whose X-Forwarded headers are believed; none by default.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether <c>/metrics</c> is open to everybody who reaches the port.</summary>
    public bool IsMetricsOpen { get; init; }

    /// <summary>Calls of the API a minute, for each user and each address.</summary>
    public int RateLimit { get; init; } = 300;

    /// <summary>Requests of a remote till a minute.</summary>
    public int DeviceRateLimit { get; init; } = 1_200;

    /// <summary>Bytes of a batch or a schema from a remote till, unpacked.</summary>
    public int UploadLimit { get; init; } = MostMegabytes << 20;

    /// <summary>Attempts to sign in or to get a token a minute, for each address.</summary>
    public int TokenRateLimit { get; init; } = 20;

    /// <summary>How often it is looked whether whoever is signed in still may be.</summary>
    public TimeSpan SessionCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="SyncException">Something is malformed; no message repeats a secret.</exception>
    public static SecuritySettings Read(Func<string, string?> environment)
    {
        var authority = Value(environment, AuthorityVariable);
        var audience = Value(environment, AudienceVariable);
        if (authority is null != audience is null)
            throw Wrong($"{AuthorityVariable} and {AudienceVariable} belong together, and only one of them is set", "Set both, or neither.");
        var (email, password) = (Value(environment, AdminEmailVariable), environment(AdminPasswordVariable) is { Length: > 0 } given ? given : null);
        if (email is null != password is null)
            throw Wrong($"{AdminEmailVariable} and {AdminPasswordVariable} belong together, and only one of them is set", "Set both to make the first administrator, or neither to get a one-time link.");
        return new SecuritySettings
        {
            AdminEmail = email,
            AdminPassword = password,
            TokenKey = ReadKey(Value(environment, TokenKeyVariable)),
            Authority = authority is null ? null : ReadAuthority(authority),
            Audience = audience,
            TrustedProxies = [.. (Value(environment, ProxiesVariable) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadProxy)],
            IsMetricsOpen = ReadFlag(environment, MetricsOpenVariable),
            RateLimit = ReadRate(environment, RateVariable) ?? new SecuritySettings().RateLimit,
            DeviceRateLimit = ReadRate(environment, DeviceRateVariable) ?? new SecuritySettings().DeviceRateLimit,
            TokenRateLimit = ReadRate(environment, TokenRateVariable) ?? new SecuritySettings().TokenRateLimit,
            UploadLimit = ReadMegabytes(environment, UploadLimitVariable) ?? new SecuritySettings().UploadLimit,
            SessionCheck = ReadSeconds(environment, SessionCheckVariable) ?? new SecuritySettings().SessionCheck,
        };
    }

    private static byte[]? ReadKey(string? text)
    {
        if (text is null)
            return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= KeyBytes
            ? bytes[..length]
            : throw Wrong($"{TokenKeyVariable} is not Base64 of at least {KeyBytes} bytes", "openssl rand -base64 48 makes one; without it, a key is made and kept in central.");
    }

    private static Uri ReadAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)
            ? uri
            : throw Wrong($"{AuthorityVariable}={text} is no https address", "Give the address whose /.well-known/openid-configuration the authority serves.");

    // An address alone is a network of one.
    private static IPNetwork ReadProxy(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw Wrong($"{ProxiesVariable}: '{text}' is neither an address nor a network", "Write, for example, 10.0.0.5,10.1.0.0/16.");

    private static bool ReadFlag(Func<string, string?> environment, string name) => Value(environment, name)?.ToLowerInvariant() switch
    {
        null or "false" or "0" or "no" => false,
        "true" or "1" or "yes" => true,
        var other => throw Wrong($"{name}={other} is neither true nor false", $"Set {name}=true, or leave it out."),
    };

    private static int? ReadRate(Func<string, string?> environment, string name) => Value(environment, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate is >= 1 and <= 1_000_000 => rate,
        var text => throw Wrong($"{name}={text} is not a whole number from 1 to 1000000", "Set it to a number of calls a minute, or leave it out."),
    };

    private static int? ReadMegabytes(Func<string, string?> environment, string name) => Value(environment, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) && megabytes is >= 1 and <= MostMegabytes => megabytes << 20,
        var text => throw Wrong($"{name}={text} is not a whole number of megabytes from 1 to {MostMegabytes}", $"Leave it out for {MostMegabytes}."),
    };

    private static TimeSpan? ReadSeconds(Func<string, string?> environment, string name) => Value(environment, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 60 => TimeSpan.FromSeconds(seconds),
        var text => throw Wrong($"{name}={text} is not a whole number of seconds from 1 to 60", "Leave it out for 30: a role that is taken away must not live on for longer than a minute."),
    };

    private static string? Value(Func<string, string?> environment, string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message.ReplaceLineEndings(" "), hint);
}
