using Microsoft.AspNetCore.Authorization;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Security;

/// <summary>What pages and endpoints ask for. Each is met by a role and by those above it.</summary>
internal static class Policies
{
    /// <summary>To see: <see cref="Roles.Viewer"/>.</summary>
    public const string View = nameof(View);

    /// <summary>To act: <see cref="Roles.Operator"/>.</summary>
    public const string Operate = nameof(Operate);

    /// <summary>To change how things are set up: <see cref="Roles.Admin"/>.</summary>
    public const string Administer = nameof(Administer);

    /// <summary>To sync as a till elsewhere: a device key, and nothing else, whatever a user may do.</summary>
    public const string Device = nameof(Device);

    /// <summary>To see conflicts: a user, or a device its own.</summary>
    public const string ViewOrDevice = nameof(ViewOrDevice);

    /// <summary>To decide conflicts: an operator, or a device its own where it may.</summary>
    public const string OperateOrDevice = nameof(OperateOrDevice);

    /// <summary>For what says nothing itself the fallback counts: nobody gets anywhere without a role, unless an endpoint is opened by name.</summary>
    public static void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(View, Of(Roles.Viewer));
        options.AddPolicy(Operate, Of(Roles.Operator));
        options.AddPolicy(Administer, Of(Roles.Admin));
        options.AddPolicy(Device, policy => policy.AddAuthenticationSchemes(HostLine.Scheme).RequireAuthenticatedUser().RequireClaim(Remote.Device.TerminalClaim));
        options.AddPolicy(ViewOrDevice, OrDevice(Roles.Viewer));
        options.AddPolicy(OperateOrDevice, OrDevice(Roles.Operator));
        options.FallbackPolicy = Of(Roles.Viewer);
        options.DefaultPolicy = Of(Roles.Viewer);
    }

    private static AuthorizationPolicy Of(string least) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Roles.From(least)).Build();

    private static AuthorizationPolicy OrDevice(string least) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(c => Roles.From(least).Any(c.User.IsInRole) || Remote.Device.Find(c.User) is not null).Build();
}
