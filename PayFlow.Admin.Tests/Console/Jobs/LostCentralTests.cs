using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PayFlow.Admin.Components.Pages.Jobs;
using PayFlow.Admin.Components.Pages.Terminals;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Tests.Jobs;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using Radzen;
using Xunit;
using Until = PayFlow.Admin.Tests.Jobs.Until;

namespace PayFlow.Admin.Tests.Console.Jobs;

/// <summary>Central goes away for a moment under what follows jobs, and comes back.</summary>
public sealed class LostCentralTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private JobCase _jobs = null!;
    private Line _line = null!;
    private JobsHost _desk = null!;
    private NpgsqlDataSource _central = null!;
    private LiveFeed _feed = null!;

    public async Task InitializeAsync()
    {
        _jobs = await JobCase.CreateAsync(hasHost: false);
        await _jobs.TillAsync("T1");
        _line = new Line(_jobs.Fixture.Database.ConnectionString);
        // Takes no part in the work: a job stays as it is until the test says otherwise.
        _desk = await JobsHost.CreateAsync(_line.ConnectionString);
        await _desk.Services.GetRequiredService<JobTriggers>().PrepareAsync(CancellationToken.None);
        _central = PostgresSource.Create(_line.ConnectionString);
        _feed = new LiveFeed(_central, TimeProvider.System, NullLogger<LiveFeed>.Instance);
        await _feed.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => Task.FromResult(_feed.IsConnected));

        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.Setup<Radzen.Blazor.Rendering.Rect>("Radzen.createChart", _ => true).SetResult(new Radzen.Blazor.Rendering.Rect { Width = 400, Height = 200 });
        Services.AddRadzenComponents();
        Services.AddSingleton(_desk.Jobs);
        Services.AddSingleton(_desk.Board);
        Services.AddSingleton(_desk.Schedules);
        Services.AddSingleton(ConsoleUser.Of(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ada"), new(ClaimTypes.Role, Roles.Operator)], "test"))));
        Services.AddSingleton(_feed);
        Services.AddSingleton(new TabVisibility());
        Services.AddSingleton(TimeProvider.System);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        await _feed.StopAsync(CancellationToken.None);
        _feed.Dispose();
        await _desk.DisposeAsync();
        await _central.DisposeAsync();
        await _line.DisposeAsync();
        await _jobs.DisposeAsync();
    }

    [Fact]
    public async Task A_job_that_ends_while_central_cannot_be_reached_is_shown_as_ended_when_it_can_be_again()
    {
        var panel = Render<BootstrapPanel>(p => p.Add(c => c.Terminal, "T1").Add(c => c.Waiting, 3));
        await panel.Find("button").ClickAsync(new());
        panel.WaitForAssertion(() => Assert.Contains("waiting", panel.Markup, StringComparison.OrdinalIgnoreCase), Patience);

        _line.Cut();
        panel.WaitForAssertion(() => Assert.Contains("PostgreSQL", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal), Patience);
        await _jobs.Fixture.Database.ExecuteAsync("UPDATE console.jobs SET state = 'FAILED', finished_at = now(), error = 'the till is switched off', hint = 'Switch it on.'");
        _line.Mend();

        panel.WaitForAssertion(() => Assert.Contains("the till is switched off", panel.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("PostgreSQL", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_hosts_is_stale_while_central_cannot_be_reached_and_goes_on_by_itself()
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("/jobs?tab=servers");
        await using var one = await JobsHost.StartAsync(_jobs.Fixture.Database.ConnectionString);
        var page = Render<JobsPage>();
        page.WaitForAssertion(() => Assert.Contains(Environment.MachineName, page.Markup, StringComparison.Ordinal), Patience);

        _line.Cut();
        page.WaitForAssertion(() => Assert.Contains("PostgreSQL", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains(Environment.MachineName, page.Markup, StringComparison.Ordinal);
        _line.Mend();

        page.WaitForAssertion(() => Assert.DoesNotContain("PostgreSQL", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task The_hosts_that_cannot_be_asked_for_are_told_as_a_central_that_cannot_be_reached()
    {
        Assert.NotNull(await _desk.Board.HostsAsync());
        _line.Cut();
        var lost = await Assert.ThrowsAnyAsync<Exception>(() => _desk.Board.HostsAsync());
        Assert.True(lost is SyncException { Code: SyncErrorCode.CentralUnavailable } or NpgsqlException, lost.ToString());
        _line.Mend();
        Assert.NotNull(await _desk.Board.HostsAsync());
    }

    [Fact]
    public async Task Work_that_fails_once_is_done_again_when_it_is_asked_for_again()
    {
        var (done, failures) = (0, new List<Exception>());
        using var throttle = new Throttle(TimeSpan.FromMilliseconds(1), () => ++done == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask, TimeProvider.System, failures.Add);
        throttle.Ask();
        await Until.TrueAsync(() => Task.FromResult(failures.Count == 1));
        throttle.Ask();
        await Until.TrueAsync(() => Task.FromResult(done == 2));
        Assert.Equal("once", Assert.Single(failures).Message);
    }
}
