using PayFlow.Admin.Jobs;
using PayFlow.Admin.Tests.Engine.Integrity;
using PayFlow.Admin.Tests.Jobs;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Consistency;

public sealed class ConsistencyTests
{
    [Fact]
    public async Task What_a_verify_finds_is_planned_repaired_and_taken_back_and_the_history_has_all_of_it()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 3);
        await shop.DoneAsync(JobRequest.Sync());
        await shop.Fixture.BehindCaptureAsync("DELETE FROM sales WHERE number = 'T1-S-1'; UPDATE sales SET total = 99 WHERE number = 'T1-S-2'");

        var verify = ConsistencyJob.Of(await shop.DoneAsync(JobRequest.Verify(["T1"])));
        var found = verify.Verify!;
        Assert.Equal((1L, 1L, 1L), (found.Tables[0].Equal, found.Tables[0].MissingInCentral, found.Tables[0].Different));
        Assert.Contains(found.Tables[0].Samples, s => s is { Kind: DifferenceKind.Different, Column: "total" });
        Assert.Equal(new RepairPlan(2, 0), RepairPlan.Of(found, RepairSource.Terminal, null));
        Assert.Equal(new RepairPlan(1, 1), RepairPlan.Of(found, RepairSource.Central, ["sales"]));
        Assert.Equal(new RepairPlan(0, 0), RepairPlan.Of(found, RepairSource.Central, []));

        var repair = ConsistencyJob.Of(await shop.DoneAsync(JobRequest.Repair("T1", RepairSource.Terminal, ["sales"], limit: 2, isConfirmed: true, reason: "a restored table")));
        Assert.Equal(2, repair.Repair!.Tables.Sum(t => t.Written));
        Assert.Equal("a restored table", repair.Reason);
        Assert.Equal(3, await shop.SalesAsync());

        var preview = await new RollbackPreview(shop.Fixture.Source, TimeProvider.System).ReadAsync(repair.Repair.RunId!.Value, "ann", CancellationToken.None);
        Assert.Equal((2L, true), (preview.Moved, preview.DryRun));
        Assert.Equal(3, await shop.SalesAsync());
        var rollback = ConsistencyJob.Of(await shop.DoneAsync(JobRequest.Rollback(repair.Repair.RunId.Value.ToString(), reason: "too early")));
        Assert.Equal(2, rollback.Rollback!.Moved);
        Assert.Equal(2, await shop.SalesAsync());

        var history = await new ConsistencyHistory(shop.Fixture.Source).ListAsync(new ConsistencyFilter { Terminal = "T1" }, new PageRequest(1), CancellationToken.None);
        Assert.Equal(["rollback SUCCEEDED 2", "repair SUCCEEDED 2", "verify DIFFERENT 2"], history.Items.Select(h => $"{h.Kind} {h.Status} {h.Rows}"));
        Assert.All(history.Items, h => Assert.NotNull(h.Job));
    }

    [Fact]
    public async Task A_repair_by_command_is_in_the_history_without_a_job()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 1);
        await shop.DoneAsync(JobRequest.Sync());
        await shop.Fixture.BehindCaptureAsync("DELETE FROM sales");
        await new Repair(till.File.Path, shop.Fixture.Source).RunAsync(new RepairRequest { From = RepairSource.Terminal, IsConfirmed = true });

        var row = Assert.Single((await new ConsistencyHistory(shop.Fixture.Source).ListAsync(new ConsistencyFilter { Kind = "repair" }, new PageRequest(1), CancellationToken.None)).Items);

        Assert.Null(row.Job);
        Assert.NotNull(row.Run);
    }

    [Fact]
    public async Task Bootstrap_is_previewed_and_run_as_a_job()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.Fixture.TillAsync("T1", "CREATE TABLE sales (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, number TEXT NOT NULL, total REAL); INSERT INTO sales (number, total) VALUES ('old', 1)", bootstrap: false);
        await till.Sync.DisposeAsync();

        var preview = BootstrapReport.Read((await shop.DoneAsync(JobRequest.Bootstrap("T1", isDryRun: true))).Result!);
        Assert.Equal((1L, 0L), (preview.Rows, await shop.SalesAsync()));
        var done = BootstrapReport.Read((await shop.DoneAsync(JobRequest.Bootstrap("T1"))).Result!);

        Assert.Equal((1L, 1L), (done.Tables.Sum(t => t.Inserted), await shop.SalesAsync()));
    }

    [Fact]
    public async Task A_rollback_counts_every_row_in_which_the_two_sides_differ_afterwards()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 3);
        var sync = await shop.DoneAsync(JobRequest.Sync());

        // The sales travel up alone: what central gives back, the till keeps.
        var preview = await new RollbackPreview(shop.Fixture.Source, TimeProvider.System).ReadAsync(sync.RunIds[^1], "ann", CancellationToken.None);

        Assert.Equal((3L, 3L), (preview.Moved, preview.Apart));
        await shop.DoneAsync(JobRequest.Rollback(sync.RunIds[^1].ToString()));
        var found = ConsistencyJob.Of(await shop.DoneAsync(JobRequest.Verify(["T1"]))).Verify!;
        Assert.Equal(preview.Apart, found.Differences);
    }
}
