using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

public sealed class ConflictApiTests
{
    [Fact]
    public async Task Who_has_a_token_alone_finds_a_conflict_looks_at_it_and_decides_it()
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);

        var listed = Assert.Single((await api.GetFromJsonAsync<JsonElement>("/api/sync/conflicts?terminal=T1&table=customers")).GetProperty("conflicts").EnumerateArray());
        var shown = await api.GetFromJsonAsync<JsonElement>($"/api/sync/conflicts/{listed.GetProperty("id").GetInt64()}");

        Assert.Equal("phone", Assert.Single(shown.GetProperty("summary").GetProperty("fields").EnumerateArray()).GetString());
        Assert.Equal(["1", "2", "3", "3"], new[] { "base", "terminal", "central", "now" }.Select(side => shown.GetProperty(side).GetProperty("phone").GetString()!));
        var version = shown.GetProperty("summary").GetProperty("version").GetInt32();
        Assert.Equal(listed.GetProperty("version").GetInt32(), version);

        using var decided = await api.PostAsJsonAsync("/api/sync/resolve", new { id = listed.GetProperty("id").GetInt64(), expectedVersion = version, take = "terminal" });
        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        Assert.Equal("2", await dispute.PhoneAsync());
        Assert.Empty((await api.GetFromJsonAsync<JsonElement>("/api/sync/conflicts")).GetProperty("conflicts").EnumerateArray());
        var resolved = Assert.Single((await api.GetFromJsonAsync<JsonElement>("/api/sync/conflicts?state=resolved")).GetProperty("conflicts").EnumerateArray());
        Assert.Equal("operator@example.com", resolved.GetProperty("resolvedBy").GetString());
    }

    [Fact]
    public async Task A_list_goes_on_behind_its_last_page_without_leaving_out_or_repeating_any()
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();
        await dispute.Chain.Database.ExecuteAsync("""
            INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, fields, resolution, resolved_at, resolved_by)
            SELECT terminal_id, table_name, 'k' || i, 'k' || i, kind, policy, CASE WHEN i % 2 = 0 THEN 'OPEN' ELSE 'RESOLVED' END, fields,
              CASE WHEN i % 2 = 1 THEN 'central' END, CASE WHEN i % 2 = 1 THEN now() END, CASE WHEN i % 2 = 1 THEN 'ada' END
            FROM payflow.conflicts, generate_series(1, 10) i
            """);
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Viewer);

        async Task<List<long>> ReadAllAsync(string query)
        {
            var ids = new List<long>();
            for (long? after = 0; after is not null;)
            {
                var page = await api.GetFromJsonAsync<JsonElement>($"/api/sync/conflicts?limit=2&after={after}{query}");
                Assert.InRange(page.GetProperty("conflicts").GetArrayLength(), 1, 2);
                ids.AddRange(page.GetProperty("conflicts").EnumerateArray().Select(c => c.GetProperty("id").GetInt64()));
                after = page.GetProperty("after") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
            }
            return ids;
        }

        var (open, resolved, all) = (await ReadAllAsync(string.Empty), await ReadAllAsync("&state=resolved"), await ReadAllAsync("&state=all"));
        Assert.Equal((6, 5), (open.Count, resolved.Count));
        Assert.Equal(all, open.Concat(resolved).Order());
        Assert.Empty((await api.GetFromJsonAsync<JsonElement>("/api/sync/conflicts?terminal=T2")).GetProperty("conflicts").EnumerateArray());
    }

    [Theory]
    [InlineData("state=closed", "state", "open, resolved or all")]
    [InlineData("limit=501", "limit", "500")]
    [InlineData("limit=0", "limit", "500")]
    [InlineData("after=-1", "after", "negative")]
    public async Task What_is_no_filter_is_told_at_its_name(string query, string name, string words)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Viewer);
        using var answer = await api.GetAsync($"/api/sync/conflicts?{query}");
        Assert.Contains(words, (await Problem.OfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty(name)[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=many", "limit")]
    [InlineData("after=x", "after")]
    public async Task A_number_that_is_none_is_told_with_the_parameters_name(string query, string name)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Viewer);
        using var answer = await api.GetAsync($"/api/sync/conflicts?{query}");
        var problem = await Problem.OfAsync(answer, HttpStatusCode.BadRequest);
        Assert.Contains(name, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", problem.GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_that_is_not_there_is_not_found_to_look_at_and_to_decide()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);
        using (var shown = await api.GetAsync("/api/sync/conflicts/77"))
            Assert.Contains("77", (await Problem.OfAsync(shown, HttpStatusCode.NotFound)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var decided = await api.PostAsJsonAsync("/api/sync/resolve", new { id = 77, expectedVersion = 1, take = "central" });
        Assert.Contains("/api/sync/conflicts", (await Problem.OfAsync(decided, HttpStatusCode.NotFound)).GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_is_decided_field_by_field_with_a_value_of_ones_own()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);

        using (var wrong = await api.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, take = "mine", fields = new { phone = new { take = "ours" }, name = new { } } }))
        {
            var errors = (await Problem.OfAsync(wrong, HttpStatusCode.BadRequest)).GetProperty("errors");
            Assert.All(["expectedVersion", "take", "fields.phone", "fields.name"], field => Assert.True(errors.TryGetProperty(field, out _), field));
        }
        using (var decided = await api.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version, fields = new { phone = new { value = "+49 30 123" } }, reason = "she called" }))
            Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        Assert.Equal("+49 30 123", await dispute.PhoneAsync());
        Assert.Equal("operator@example.com", await dispute.Chain.Database.ScalarAsync<string>("SELECT actor FROM payflow.audit WHERE action = 'conflict.resolve' AND detail ->> 'reason' = 'she called'"));
    }

    [Fact]
    public async Task A_version_that_never_was_is_told_apart_from_one_that_has_passed_and_each_comes_with_the_present_state()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);

        var never = await RefusedAsync(api, conflict, conflict.Version + 7, "2");
        Assert.Contains($"never had a version {conflict.Version + 7}; it is at version {conflict.Version}", never.GetProperty("detail").GetString(), StringComparison.Ordinal);

        dispute.One.Execute($"UPDATE customers SET phone = '4' WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();
        var passed = await RefusedAsync(api, conflict, conflict.Version, "4");
        Assert.Contains($"it is at version {conflict.Version + 1} now, not {conflict.Version}", passed.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(conflict.Version + 1, passed.GetProperty("conflict").GetProperty("summary").GetProperty("version").GetInt32());

        using (var decided = await api.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version + 1, take = "terminal" }))
            Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        var late = await RefusedAsync(api, conflict, conflict.Version + 1, "4", take: "central");
        Assert.Contains("decided already", late.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Resolved", late.GetProperty("conflict").GetProperty("summary").GetProperty("state").GetString());
    }

    private static async Task<JsonElement> RefusedAsync(HttpClient api, Conflict conflict, int version, string phone, string take = "terminal")
    {
        using var answer = await api.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = version, take });
        var problem = await Problem.OfAsync(answer, HttpStatusCode.Conflict);
        Assert.Equal("Moved", problem.GetProperty("code").GetString());
        Assert.Equal(phone, problem.GetProperty("conflict").GetProperty("terminal").GetProperty("phone").GetString());
        return problem;
    }
}
