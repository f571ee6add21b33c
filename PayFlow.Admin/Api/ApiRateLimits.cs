using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Api;

/// <summary>How often somebody may call. Guessing passwords and codes is slow for an address, whatever account it tries; the rest is there so that one caller does not starve the others.</summary>
internal static class ApiRateLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Requests of one device at a time. A till sends one after the other; a second one follows where the answer to the first was lost.</summary>
    private const int DeviceAtOnce = 4;

    private static readonly string[] SignIns = [AccountPaths.SignIn, AccountPaths.Code, AccountPaths.RecoveryCode, AccountPaths.SetUp, AccountPaths.Invitation];

    public static void Configure(RateLimiterOptions options, SecuritySettings settings)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = RejectAsync;
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, settings)),
            PartitionedRateLimiter.Create<HttpContext, string>(AtOnce));
    }

    // Bodies lie in memory until they are applied: one device is not to fill it. A stream of events has none, and ends when a newer one begins.
    private static RateLimitPartition<string> AtOnce(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RemoteEndpoint>() is not null && context.Request.Path != SyncPaths.Events && Device.Find(context.User) is { } device
            ? RateLimitPartition.GetConcurrencyLimiter(device.Terminal, _ => new ConcurrencyLimiterOptions { PermitLimit = DeviceAtOnce, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(string.Empty);

    private static RateLimitPartition<string> Partition(HttpContext context, SecuritySettings settings)
    {
        if (IsSignIn(context))
            return Limit($"sign-in {AddressOf(context)}", settings.TokenRateLimit);
        if (!ApiServices.IsApi(context))
            return RateLimitPartition.GetNoLimiter(string.Empty);
        if (Device.Find(context.User) is { } device)
            return Limit($"device {device.Terminal}", settings.DeviceRateLimit);
        return Limit(context.User.Identity is { IsAuthenticated: true, Name: { } name } ? $"user {name}" : $"address {AddressOf(context)}", settings.RateLimit);
    }

    private static bool IsSignIn(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && (context.Request.Path.StartsWithSegments("/api/auth", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments(SyncPaths.Register, StringComparison.OrdinalIgnoreCase) || SignIns.Contains(context.Request.Path.Value?.TrimEnd('/'), StringComparer.OrdinalIgnoreCase));

    private static RateLimitPartition<string> Limit(string key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window, QueueLimit = 0 });

    // Somebody with IPv6 has a /64 of addresses to change among.
    private static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress([.. address.GetAddressBytes().Take(8), .. new byte[8]]).ToString() : address.ToString();
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        // Whoever has too many at once may come again as soon as one of them has ended.
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        var (message, hint) = ($"Too many requests; the next one is taken in {wait} {(wait == 1 ? "second" : "seconds")}.", "Wait that long: the header Retry-After says it, too.");
        if (ApiServices.IsApi(context))
            await ApiProblems.Of(StatusCodes.Status429TooManyRequests, "TooManyRequests", message, hint).ExecuteAsync(context);
        else
            await context.Response.WriteAsync($"{message} Then load the page again.\n", cancellationToken);
    }
}
