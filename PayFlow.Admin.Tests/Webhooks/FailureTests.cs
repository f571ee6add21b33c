using Microsoft.AspNetCore.Http;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Admin.Webhooks.Sending;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>What a receiver can do wrong, and what becomes of a host that dies.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task A_delivery_that_fails_is_tried_again_and_given_up_in_the_end_which_switches_the_webhook_off_and_says_so()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.Host.WithUsersAsync();
        var (webhook, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        shop.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("out of order");
        };
        await shop.RunAsync("T1");
        for (var attempt = 1; attempt < DeliverySchedule.Standard.Attempts; attempt++)
        {
            await Until.TrueAsync(async () => await shop.Database.ScalarAsync<string>("SELECT state || attempt FROM console.webhook_deliveries") == $"RETRYING{attempt}");
            Assert.Equal("FAILING", (await shop.Desk.FindAsync(webhook.Id))!.Status);
            await shop.HurryAsync();
        }
        await shop.DoneAsync("FAILED");

        var off = (await shop.Desk.FindAsync(webhook.Id))!;
        Assert.Equal(("SWITCHED-OFF", DeliverySchedule.Standard.Attempts), (off.Status, off.Failures));
        Assert.Equal(DeliverySchedule.Standard.Attempts, shop.Receiver.Calls.Count);
        Assert.Single(shop.Receiver.Calls.Select(c => c.Id).Distinct());
        Assert.Equal("out of order", await shop.Database.ScalarAsync<string>("SELECT DISTINCT response_body FROM console.webhook_attempts"));
        Assert.Equal("payflow", await shop.Database.ScalarAsync<string>("SELECT actor FROM payflow.audit WHERE action = 'webhook.switch-off'"));
        using var browser = await shop.Host.SignedInAsync(Roles.Viewer);
        Assert.Contains("1 webhook was switched off because it failed", await browser.GetStringAsync("/"), StringComparison.Ordinal);

        // Off, nothing is kept for it; on again, it works as before.
        await shop.RunAsync("T2");
        shop.Receiver.Answer = static (context, _) => Task.CompletedTask;
        await shop.Desk.SwitchAsync(webhook.Id, isOn: true, null, "ann");
        await shop.RunAsync("T3");
        await shop.DoneAsync("FAILED", "SUCCEEDED");
        Assert.Equal(["T1", "T3"], shop.Receiver.Calls.Select(c => c.Json.GetProperty("terminal").GetString()).Distinct());
        Assert.Equal("ACTIVE", (await shop.Desk.FindAsync(webhook.Id))!.Status);
        Assert.DoesNotContain("was switched off because", await browser.GetStringAsync("/"), StringComparison.Ordinal);

        // What was given up can be sent once more, as the same event.
        var again = await shop.Desk.RedeliverAsync(webhook.Id, await shop.Database.ScalarAsync<long>("SELECT id FROM console.webhook_deliveries WHERE state = 'FAILED'"), "ann");
        await Until.TrueAsync(async () => await shop.Database.ScalarAsync<string>($"SELECT state FROM console.webhook_deliveries WHERE id = {again}") == "SUCCEEDED");
        Assert.Equal(shop.Receiver.Calls.First().Id, shop.Receiver.Calls.Last().Id);
    }

    [Fact]
    public async Task Every_bad_answer_is_named_and_none_is_followed_or_read_to_its_end()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var (webhook, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        var seen = new List<string>();
        foreach (var answer in new Action<HttpContextAnswer>[] { a => a.Redirect(shop.Receiver.Address), a => a.Status(404), a => a.Status(401), a => a.Long(), a => a.Cut(), a => a.Busy() })
        {
            shop.Receiver.Answer = (context, _) => HttpContextAnswer.GiveAsync(context, answer);
            var id = await shop.Desk.TestAsync(webhook.Id, "ann");
            await Until.TrueAsync(async () => await shop.Database.ScalarAsync<bool>($"SELECT finished_at IS NOT NULL FROM console.webhook_deliveries WHERE id = {id}"));
            seen.Add((await shop.Database.ScalarAsync<string>($"SELECT concat_ws(' ', d.state, d.status, length(a.response_body), a.is_cut, d.error) FROM console.webhook_deliveries d JOIN console.webhook_attempts a ON a.delivery_id = d.id WHERE d.id = {id}"))!);
        }
        Assert.Equal("FAILED 302 0 f The receiver answered 302, a redirect, which is not followed", seen[0]);
        Assert.Equal("FAILED 404 0 f The receiver answered 404 Not Found", seen[1]);
        Assert.StartsWith("FAILED 401 0 f The receiver answered 401", seen[2], StringComparison.Ordinal);
        Assert.Equal($"SUCCEEDED 200 {WebhookRequest.BodyLimit} t", seen[3]);
        Assert.StartsWith("FAILED ", seen[4], StringComparison.Ordinal);
        Assert.StartsWith("FAILED 503 0 f", seen[5], StringComparison.Ordinal);
        Assert.Equal(6, shop.Receiver.Calls.Count);
        Assert.All(shop.Receiver.Calls, c => Assert.Equal(("/hook", "webhook.test"), (c.Path, c.Type)));
        Assert.All(shop.Receiver.Calls, Documentation.AssertShows);
        // Tests say nothing about the webhook.
        Assert.Equal((0, true), ((await shop.Desk.FindAsync(webhook.Id))!.Failures, (await shop.Desk.FindAsync(webhook.Id))!.IsEnabled));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_for_good_is_asked_no_more()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var (webhook, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        shop.Receiver.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await shop.RunAsync("T1");
        await shop.DoneAsync("FAILED");
        Assert.Equal("SWITCHED-OFF", (await shop.Desk.FindAsync(webhook.Id))!.Status);
        Assert.Single(shop.Receiver.Calls);
    }

    [Fact]
    public async Task What_a_host_had_begun_when_it_was_killed_is_sent_by_another_with_the_same_id()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var (webhook, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        await shop.Host.Host.StopAsync();
        var dead = new DeliveryQueue(shop.Chain.Source, new WebhookSettings { Timeout = TimeSpan.FromSeconds(1), Patience = TimeSpan.Zero });
        await shop.RunAsync("T1");
        var taken = Assert.Single(await dead.TakeAsync("dead", 10, 10, [], CancellationToken.None));

        await using var other = await shop.AnotherHostAsync();
        await shop.DoneAsync("SUCCEEDED");

        Assert.Equal(taken.EventId, Assert.Single(shop.Receiver.Calls).Id);
        Assert.Equal(["1 The host ended during the attempt.", "2 "], await shop.Chain.TextsAsync("SELECT attempt || ' ' || coalesce(error, '') FROM console.webhook_attempts ORDER BY attempt"));
        // If it was not dead after all, it cannot speak for the one that took over.
        await dead.EndAsync(taken, new DeliveryAttempt { At = DateTimeOffset.UnixEpoch, Duration = TimeSpan.Zero, Error = "late" }, CancellationToken.None);
        Assert.Equal("SUCCEEDED", await shop.Database.ScalarAsync<string>("SELECT state FROM console.webhook_deliveries"));
        Assert.Equal(0, (await shop.Desk.FindAsync(webhook.Id))!.Failures);
    }

    [Fact]
    public async Task Two_hosts_send_each_event_once_and_a_slow_receiver_keeps_no_other_waiting()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await using var other = await shop.AnotherHostAsync();
        await using var slow = await Receiver.StartAsync();
        var open = new TaskCompletionSource();
        slow.Answer = (_, _) => open.Task;
        await shop.Desk.CreateAsync(new WebhookDraft { Name = "slow", Url = slow.Url, Events = [WebhookEvent.RunFinished] }, "ann");
        await shop.HookAsync(WebhookEvent.RunFinished);

        await shop.Database.ExecuteAsync("INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, completed_at) SELECT gen_random_uuid(), 'T' || i, 'manual', 'both', 'SYNCED', now() FROM generate_series(1, 100) i");
        await shop.CallsAsync(100);

        open.SetResult();
        await shop.DoneAsync("SUCCEEDED");
        Assert.Equal((100, 100), (shop.Receiver.Calls.Count, slow.Calls.Count));
        Assert.Equal(100, shop.Receiver.Calls.Select(c => c.Id).ToHashSet().Count);
        Assert.Equal(shop.Receiver.Calls.Select(c => c.Id).Order(), slow.Calls.Select(c => c.Id).Order());
    }

    [Theory]
    [InlineData(1, 0.0, null, 4.0)]
    [InlineData(1, 1.0, null, 6.0)]
    [InlineData(9, 0.5, null, 43_200.0)]
    [InlineData(10, 0.5, null, null)]
    [InlineData(1, 0.5, 100, 100.0)]
    [InlineData(1, 0.5, 1, 5.0)]
    [InlineData(1, 0.5, 1_000_000, 43_200.0)]
    [InlineData(10, 0.5, 100, null)]
    public void The_pause_grows_and_ends_and_is_never_shorter_than_what_the_receiver_asks_for(int attempt, double chance, int? asked, double? seconds) =>
        Assert.Equal(seconds, DeliverySchedule.Standard.After(attempt, chance, asked is { } s ? TimeSpan.FromSeconds(s) : null)?.TotalSeconds);
}
