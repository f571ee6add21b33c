using System.Globalization;
using System.Net;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Webhooks;

/// <summary>What the environment says about webhooks. Without any of it they go to public addresses by https alone.</summary>
internal sealed record WebhookSettings
{
    public const string NetworksVariable = "PAYFLOW_WEBHOOK_NETWORKS";
    public const string HttpVariable = "PAYFLOW_WEBHOOK_HTTP";
    public const string QueueLimitVariable = "PAYFLOW_WEBHOOK_QUEUE_LIMIT";
    public const string SilentVariable = "PAYFLOW_WEBHOOK_SILENT_MINUTES";
    public const string DaysVariable = "PAYFLOW_WEBHOOK_DAYS";

    /// <summary>Networks that requests may go to although they are not public.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Whether a webhook may be asked for without encryption.</summary>
    public bool IsHttpAllowed { get; init; }

    /// <summary>Open rows of a terminal's queue beyond which it is over its limit.</summary>
    public long QueueLimit { get; init; } = 1_000;

    /// <summary>How long a terminal that no schedule names may say nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Days for which deliveries are kept.</summary>
    public int Days { get; init; } = 30;

    /// <summary>For a whole request: name, connection, answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Beyond the timeout, before another host takes a delivery over.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at what no notification tells of.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pauses between the attempts of a delivery.</summary>
    public DeliverySchedule Schedule { get; init; } = DeliverySchedule.Standard;

    /// <exception cref="SyncException">One of them is malformed.</exception>
    public static WebhookSettings Read(Func<string, string?> environment)
    {
        var settings = new WebhookSettings();
        return settings with
        {
            Networks = [.. (Value(environment, NetworksVariable) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadNetwork)],
            IsHttpAllowed = ReadFlag(environment, HttpVariable),
            QueueLimit = Whole(environment, QueueLimitVariable, 1_000_000_000) ?? settings.QueueLimit,
            Silence = Whole(environment, SilentVariable, 525_600) is { } minutes ? TimeSpan.FromMinutes(minutes) : settings.Silence,
            Days = Whole(environment, DaysVariable, 3_650) ?? settings.Days,
        };
    }

    // An address alone is a network of one.
    private static IPNetwork ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw Wrong($"{NetworksVariable}: '{text}' is neither an address nor a network", "Write, for example, 10.20.0.0/16,127.0.0.1.");

    private static bool ReadFlag(Func<string, string?> environment, string name) => Value(environment, name)?.ToLowerInvariant() switch
    {
        null or "false" or "0" or "no" => false,
        "true" or "1" or "yes" => true,
        var other => throw Wrong($"{name}={other} is neither true nor false", $"Set {name}=true, or leave it out."),
    };

    private static int? Whole(Func<string, string?> environment, string name, int max) => Value(environment, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max => number,
        var text => throw Wrong($"{name}={text} is not a whole number from 1 to {max.ToString(CultureInfo.InvariantCulture)}", "Set it to such a number, or leave it out."),
    };

    private static string? Value(Func<string, string?> environment, string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message.ReplaceLineEndings(" "), hint);
}
