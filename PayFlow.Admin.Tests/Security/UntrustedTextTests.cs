using System.Net;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

/// <summary>What a till, a program or a person wrote is shown as text, wherever it is shown.</summary>
public sealed class UntrustedTextTests
{
    private const string Script = "<script>alert(1)</script>";
    private const string Image = "\"'><img src=x onerror=alert(1)>";

    [Fact]
    public async Task Scripts_in_texts_are_shown_and_not_run()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        await central.ExecuteAsync($$"""
            INSERT INTO payflow.terminals (id, name, attributes, last_status) VALUES ('{{Script}}', '{{Image.Replace("'", "''", StringComparison.Ordinal)}}', '{"store":"{{Script}}"}', 'FAILED');
            INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, completed_at, records_count, error_message, hint, host)
            SELECT gen_random_uuid(), '{{Script}}', '{{Script}}', '{{Script}}', 'FAILED', now(), 1, '{{Script}}', '{{Script}}', '{{Script}}';
            UPDATE payflow.terminals SET last_run_id = (SELECT id FROM payflow.sync_log LIMIT 1);
            INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, fields, base, terminal, central)
            VALUES ('{{Script}}', '{{Script}}', '{{Script}}', '1', 'update-update', '{{Script}}', ARRAY['{{Script}}'], '{"{{Script}}":"s{{Script}}"}', '{"{{Script}}":"s{{Script}}"}', '{"{{Script}}":"s{{Script}}"}');
            INSERT INTO payflow.audit (actor, action, terminal_id, table_name, key, detail)
            VALUES ('{{Script}}', '{{Script}}', '{{Script}}', '{{Script}}', '{{Script}}', '{"before":{"{{Script}}":"{{Script}}"},"after":{"{{Script}}":"x"},"reason":"{{Script}}"}');
            """);
        using var browser = await host.SignedInAsync(Roles.Admin);
        var run = await central.ScalarAsync<Guid>("SELECT id FROM payflow.sync_log LIMIT 1");
        var conflict = await central.ScalarAsync<long>("SELECT id FROM payflow.conflicts LIMIT 1");

        foreach (var url in new[] { "/", "/runs", $"/runs/{run}", "/terminals", $"/terminals/{Uri.EscapeDataString(Script)}", "/conflicts", $"/conflicts/{conflict}", "/queue", "/audit", $"/audit?actor={Uri.EscapeDataString(Image)}", $"/users?text={Uri.EscapeDataString(Image)}", "/schedules", "/jobs", $"/account/sign-in?returnUrl={Uri.EscapeDataString("/" + Image)}" })
        {
            using var answer = await browser.GetAsync(url);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{url}: {answer.StatusCode}");
            Assert.False(html.Contains(Script, StringComparison.Ordinal), url);
            Assert.False(html.Contains("<img src=x", StringComparison.Ordinal), url);
        }
        Assert.Contains("&lt;script&gt;alert(1)", await browser.GetStringAsync("/audit"), StringComparison.Ordinal);
        using var api = await host.ApiAsync(Roles.Viewer);
        Assert.Contains("terminal=\"<script>alert(1)</script>\"", await api.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }
}
