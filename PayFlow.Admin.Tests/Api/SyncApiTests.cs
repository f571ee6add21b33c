using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Commands;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

public sealed class SyncApiTests
{
    [Fact]
    public async Task Trigger_syncs_a_till_and_its_job_says_so()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A1')");
        await using var host = await (await ConsoleHost.StartAsync(shop.Central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);

        using var answer = await api.PostAsync("/api/sync/trigger?direction=pull&terminal=T1&table=orders", null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jobs")[0];
        Assert.Equal(job.GetProperty("url").GetString(), answer.Headers.Location!.ToString());
        Assert.Equal("operator@example.com", job.GetProperty("actor").GetString());
        await Until.TrueAsync(async () => (await api.GetFromJsonAsync<JsonElement>(answer.Headers.Location)).GetProperty("state").GetString() == "SUCCEEDED");
        Assert.Equal(1, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal("api", await shop.Central.ScalarAsync<string>("SELECT sync_type FROM payflow.sync_log ORDER BY started_at DESC LIMIT 1"));

        var status = await api.GetFromJsonAsync<JsonElement>("/api/sync/status");
        Assert.Equal("T1", status.GetProperty("terminals")[0].GetProperty("id").GetString());
        Assert.True(status.GetProperty("hosts")[0].GetProperty("isAlive").GetBoolean());
        var metrics = await api.GetStringAsync("/metrics");
        Assert.Contains("payflow_lag_seconds{terminal=\"T1\"} ", metrics, StringComparison.Ordinal);
        Assert.Matches("(?m)^payflow_runs_total\\{outcome=\"synced\",trigger=\"api\"\\} [1-9]", metrics);
        Assert.Matches("(?m)^payflow_job_latency_seconds_bucket\\{kind=\"sync\",le=\"\\+Inf\"\\} [1-9]", metrics);
    }

    [Theory]
    [InlineData("sideways")]
    [InlineData("")]
    [InlineData("0")]
    public async Task An_unknown_direction_is_told_with_the_three_that_there_are(string direction)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);
        using var answer = await api.PostAsync($"/api/sync/trigger?direction={direction}", null);
        var problem = await Problem.OfAsync(answer, HttpStatusCode.BadRequest);
        var reason = problem.GetProperty("errors").GetProperty("direction")[0].GetString()!;
        Assert.All(["both", "push", "pull"], word => Assert.Contains(word, reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_terminal_is_told_in_the_engines_words()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);
        using var answer = await api.PostAsync("/api/sync/trigger?terminal=T9", null);
        var problem = await Problem.OfAsync(answer, HttpStatusCode.BadRequest);
        Assert.Equal("InvalidConfiguration", problem.GetProperty("code").GetString());
        Assert.Contains("T9", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
    }

    [Fact]
    public async Task Configure_sets_the_default_schedule_and_says_what_is_wrong_by_field()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Admin);

        using (var wrong = await api.PostAsJsonAsync("/api/sync/configure", new { mode = "often", cron = "99 * * * *", zone = "Mars/Base" }))
        {
            var errors = (await Problem.OfAsync(wrong, HttpStatusCode.BadRequest)).GetProperty("errors");
            Assert.All(["mode", "cron", "zone"], field => Assert.True(errors.TryGetProperty(field, out _), field));
        }
        using (var set = await api.PostAsJsonAsync("/api/sync/configure", new { mode = "cron", cron = "*/15 8-20 * * *", zone = "Europe/Berlin" }))
        {
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
            var schedule = await set.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("*/15 8-20 * * *", schedule.GetProperty("cron").GetString());
            Assert.NotEqual(JsonValueKind.Null, schedule.GetProperty("nextAt").ValueKind);
        }
        using (var rest = await api.PostAsJsonAsync("/api/sync/configure", new { mode = "manual" }))
            Assert.Equal("manual", (await rest.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("mode").GetString());
        Assert.Equal("Europe/Berlin", await central.ScalarAsync<string>("SELECT zone FROM console.schedules WHERE name = 'default' AND paused_at IS NOT NULL"));
    }

    [Fact]
    public async Task Bodies_that_are_no_JSON_have_unknown_fields_or_are_too_large_are_refused_as_problems()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Admin);
        (string Body, HttpStatusCode Status)[] cases =
        [
            ("{", HttpStatusCode.BadRequest), ("[]", HttpStatusCode.BadRequest), ("", HttpStatusCode.BadRequest), ("""{"expectedversoin":1}""", HttpStatusCode.BadRequest), ("""{"id":"one"}""", HttpStatusCode.BadRequest),
            ($$"""{"reason":"{{new string('x', 70_000)}}"}""", HttpStatusCode.RequestEntityTooLarge),
        ];
        foreach (var (body, status) in cases)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await api.PostAsync("/api/sync/resolve", content);
            var problem = await Problem.OfAsync(answer, status);
            Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
        }
        using var text = new StringContent("id=1", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var form = await api.PostAsync("/api/sync/resolve", text);
        await Problem.OfAsync(form, HttpStatusCode.UnsupportedMediaType);
        using var nothing = await api.GetAsync("/api/no/such");
        await Problem.OfAsync(nothing, HttpStatusCode.NotFound);
        using var method = await api.DeleteAsync("/api/sync/status");
        await Problem.OfAsync(method, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Too_many_calls_are_told_when_to_come_again_and_another_user_is_not_held_up()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, "PAYFLOW_RATE_LIMIT=5", "PAYFLOW_TOKEN_RATE_LIMIT=4")).WithUsersAsync();
        using var viewer = await host.ApiAsync(Roles.Viewer);
        using var other = await host.ApiAsync(Roles.Operator);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/api/sync/status")).StatusCode);

        using (var limited = await viewer.GetAsync("/api/sync/status"))
        {
            await Problem.OfAsync(limited, HttpStatusCode.TooManyRequests);
            Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }
        using (var free = await other.GetAsync("/api/sync/status"))
            Assert.Equal(HttpStatusCode.OK, free.StatusCode);

        using var guesser = host.Browser();
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.PostAsJsonAsync("/api/auth/token", new { email = $"user{i}@example.com", password = "guess" })).StatusCode);
        using var stopped = await guesser.PostAsJsonAsync("/api/auth/token", new { email = "viewer@example.com", password = ConsoleHost.Password });
        await Problem.OfAsync(stopped, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_description_names_every_operation_and_the_page_shows_it()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        var document = await browser.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var page = await browser.GetStringAsync("/api-docs");
        foreach (var path in new[] { "/api/auth/token", "/api/sync/trigger", "/api/sync/configure", "/api/sync/status", "/api/sync/resolve", "/api/sync/conflicts", "/api/sync/conflicts/{id}", "/api/sync/jobs/{id}" })
        {
            Assert.True(document.GetProperty("paths").TryGetProperty(path, out _), path);
            Assert.Contains(path, page, StringComparison.Ordinal);
        }
        Assert.Contains("expectedVersion", page, StringComparison.Ordinal);
    }
}
