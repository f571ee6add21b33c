using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>The real host on a real database, listening on a free port of this machine; with a user for each role.</summary>
internal sealed partial class ConsoleHost : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly NpgsqlDataSource _central;

    private ConsoleHost(WebApplication host, NpgsqlDataSource central)
    {
        Host = host;
        _central = central;
        Address = new Uri(host.Urls.First());
    }

    public WebApplication Host { get; }

    public Uri Address { get; }

    public AccountDesk Accounts => Host.Services.GetRequiredService<AccountDesk>();

    /// <summary>The address of the role's user.</summary>
    public static string EmailOf(string role) => $"{role.ToLowerInvariant()}@example.com";

    /// <summary>A host on a database; <paramref name="environment"/> as <c>NAME=value</c>.</summary>
    public static async Task<ConsoleHost> StartAsync(CentralDatabase central, params string[] environment)
    {
        var source = await PostgresSource.OpenAsync(central.ConnectionString, CancellationToken.None);
        var values = environment.Select(e => e.Split('=', 2)).ToDictionary(e => e[0], e => e[1], StringComparer.Ordinal);
        Func<string, string?> read = name => values.GetValueOrDefault(name);
        var host = AdminHost.Build(source, "the test's database", SyncSettings.Read(read), ["http://127.0.0.1:0"], read);
        await host.StartAsync();
        return new ConsoleHost(host, source);
    }

    /// <summary>Makes a user for each role, if they are not there yet.</summary>
    public async Task<ConsoleHost> WithUsersAsync()
    {
        await Accounts.CreateFirstAsync(EmailOf(Roles.Admin), Password, "test", CancellationToken.None);
        foreach (var role in new[] { Roles.Viewer, Roles.Operator })
            await AddUserAsync(EmailOf(role), role);
        return this;
    }

    public async Task<Guid> AddUserAsync(string email, string role)
    {
        var link = await Accounts.InviteAsync(email, role, "test", CancellationToken.None);
        await Accounts.SetPasswordByLinkAsync(link.Token, Password, CancellationToken.None);
        return link.User;
    }

    /// <summary>The account's number.</summary>
    public async Task<Guid> IdOfAsync(string email)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<ConsoleAccount>>().FindByEmailAsync(email))!.Id;
    }

    /// <summary>A browser of its own, which follows no redirects.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A browser in which the role's user has signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string role)
    {
        var browser = Browser();
        using var answer = await SignInAsync(browser, EmailOf(role), Password);
        if (answer.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"The sign-in of {role} was answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return browser;
    }

    public static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email, string password, string? returnUrl = null) =>
        SubmitAsync(browser, AccountPaths.SignIn + (returnUrl is null ? string.Empty : $"?returnUrl={Uri.EscapeDataString(returnUrl)}"), ("Typed.Email", email), ("Typed.Password", password));

    /// <summary>Opens a page and posts its form, as a browser does: with whatever hidden fields the page has.</summary>
    public static Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string page, params (string Name, string Value)[] fields) => SubmitToAsync(browser, page, page, fields);

    /// <summary>The same where the form names another address to post to.</summary>
    public static async Task<HttpResponseMessage> SubmitToAsync(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var html = await browser.GetStringAsync(page);
        var form = HiddenField().Matches(html).Select(m => KeyValuePair.Create(WebUtility.HtmlDecode(m.Groups["name"].Value), WebUtility.HtmlDecode(m.Groups["value"].Value)))
            .DistinctBy(f => f.Key).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var content = new FormUrlEncodedContent(form);
        return await browser.PostAsync(action, content);
    }

    /// <summary>A client of the API with the role's token.</summary>
    public async Task<HttpClient> ApiAsync(string role)
    {
        var client = Browser();
        using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email = EmailOf(role), password = Password });
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("accessToken").GetString());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        await Host.DisposeAsync();
        await _central.DisposeAsync();
    }

    [GeneratedRegex("""<input[^>]*type="hidden"[^>]*name="(?<name>[^"]+)"[^>]*value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex HiddenField();
}
