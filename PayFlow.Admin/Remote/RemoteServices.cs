using Microsoft.AspNetCore.Mvc;
using PayFlow.Admin.Remote.Events;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote;

/// <summary>Remote terminals' part of the host.</summary>
internal static class RemoteServices
{
    public static IServiceCollection AddRemoteTerminals(this IServiceCollection services)
    {
        services.AddSingleton<DeviceDesk>();
        services.AddSingleton<CodeAttributes>();
        services.AddSingleton<DeviceRegistration>();
        services.AddSingleton<RemoteRuns>();
        services.AddHostedService<RemoteSweep>();
        services.AddSingleton<DeviceStatusReader>();
        services.AddSingleton<ListeningTills>();
        services.AddSingleton<TillWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<TillWatch>());
        // Bodies are unpacked under the limit of their endpoint, so that a small one cannot become a huge one.
        services.AddRequestDecompression();
        return services;
    }

    /// <summary>Behind authorization: nothing of somebody unknown is unpacked.</summary>
    public static void UseRemoteTerminals(this WebApplication host) =>
        host.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<RemoteEndpoint>() is not null, remote =>
        {
            // Before anything is unpacked: the digest is of what was sent.
            remote.Use(ContentDigest.UseAsync);
            remote.UseRequestDecompression();
        });

    public static void MapRemoteTerminals(this WebApplication host)
    {
        var all = host.MapGroup(string.Empty).WithMetadata(new RemoteEndpoint()).DisableAntiforgery().ExcludeFromDescription().AddEndpointFilter(RequireProtocolAsync);
        all.MapPost(SyncPaths.Register, RemoteEndpoints.RegisterAsync).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(Api.ApiServices.MaxBodyBytes));
        var most = host.Services.GetRequiredService<SecuritySettings>().UploadLimit;
        var device = all.MapGroup(string.Empty).RequireAuthorization(Policies.Device);
        foreach (var (path, handler) in new (string, Delegate)[] { (SyncPaths.Open, RemoteEndpoints.OpenAsync), (SyncPaths.Upload, RemoteEndpoints.UploadAsync) })
            device.MapPost(path, handler).WithMetadata(new RequestSizeLimitAttribute(most));
        foreach (var (path, handler) in Posts)
            device.MapPost(path, handler).WithMetadata(new RequestSizeLimitAttribute(WireBody.MaxBytes));
        device.MapGet(SyncPaths.Result, RemoteEndpoints.ResultAsync);
        device.MapGet(SyncPaths.Position, RemoteEndpoints.PositionAsync);
        device.MapGet(SyncPaths.Download, RemoteEndpoints.DownloadAsync);
        device.MapGet(SyncPaths.Events, EventEndpoint.RunAsync);
    }

    private static readonly (string Path, Delegate Handler)[] Posts =
    [
        (SyncPaths.Key, RemoteEndpoints.KeyAsync),
        (SyncPaths.Advance, RemoteEndpoints.AdvanceAsync),
        (SyncPaths.Decisions, RemoteEndpoints.DecisionsAsync),
        (SyncPaths.Delivered, RemoteEndpoints.DeliveredAsync),
        (SyncPaths.Download, RemoteEndpoints.DownloadByBodyAsync),
        (SyncPaths.Count, RemoteEndpoints.CountAsync),
        (SyncPaths.Rows, RemoteEndpoints.RowsAsync),
        (SyncPaths.Fetch, RemoteEndpoints.FetchAsync),
        (SyncPaths.Stamped, RemoteEndpoints.StampedAsync),
        (SyncPaths.Audit, RemoteEndpoints.AuditAsync),
        (SyncPaths.Close, RemoteEndpoints.CloseAsync),
    ];

    /// <summary>For endpoints that devices share with others: those speak no protocol of devices.</summary>
    public static ValueTask<object?> RequireOfDevicesAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        Device.Find(call.HttpContext.User) is null ? next(call) : RequireProtocolAsync(call, next);

    private static ValueTask<object?> RequireProtocolAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var spoken = call.HttpContext.Request.Headers[HostLine.ProtocolHeader].ToString();
        return spoken == HostLine.Protocol
            ? next(call)
            : throw new SyncException(SyncErrorCode.Protocol, $"The request speaks {(spoken.Length == 0 ? "no protocol" : $"protocol '{spoken}'")}, and this host {HostLine.Protocol}", $"Send {HostLine.ProtocolHeader}: {HostLine.Protocol}, or bring both sides to the same version.");
    }
}
