using System.Security.Claims;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Tests.Console;

/// <summary>Who looks at a component under test.</summary>
internal static class SignedIn
{
    /// <summary>Signs a user of that role in, named after it.</summary>
    public static void As(BunitContext test, string role) =>
        test.Services.AddSingleton(ConsoleUser.Of(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, role.ToLowerInvariant()), new(ClaimTypes.Role, role)], "test"))));

    /// <summary>A central that does not answer: whatever is asked of it fails otherwise than by the role.</summary>
    public static NpgsqlDataSource NoCentral() => NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
}
