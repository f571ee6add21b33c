using PayFlow.Admin.Output;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class DemoVerbTests
{
    [Fact]
    public async Task The_demo_moves_everything_then_what_changed_then_nothing_and_goes_on_from_there()
    {
        await using var central = await CentralDatabase.CreateAsync();
        var folder = TestFolder.Create();
        try
        {
            string[] demo = ["demo", "--once", "--json", "--data", folder, "--central", central.ConnectionString];
            var first = await CommandRun.OfAsync(demo);
            Assert.Equal((0, string.Empty), (first.ExitCode, first.Error));
            var (load, change, still) = Moved(first);
            Assert.True(load > 10_000 && change is > 100 and < 5_000 && still == 0, first.Output);

            // Whoever looks at the demo has something to decide.
            Assert.True(await central.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts WHERE state = 'OPEN'") > 0);

            // A new start finds the chain as it was left: nothing is made or loaded again.
            var again = await CommandRun.OfAsync(demo);
            Assert.Equal(0, again.ExitCode);
            (load, change, still) = Moved(again);
            Assert.True(load == 0 && change is > 100 and < 5_000 && still == 0, again.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_second_start_says_what_is_there_already()
    {
        await using var central = await CentralDatabase.CreateAsync();
        var folder = TestFolder.Create();
        try
        {
            string[] demo = ["demo", "--once", "--data", folder, "--central", central.ConnectionString];
            var first = await CommandRun.OfAsync(demo);
            Assert.Contains("new and empty", first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("already", first.Output, StringComparison.Ordinal);

            var again = await CommandRun.OfAsync(demo);

            Assert.Equal((0, string.Empty), (again.ExitCode, again.Error));
            Assert.Contains("It is there already, from an earlier start, and goes on.", again.Output, StringComparison.Ordinal);
            Assert.Matches(@"till T01 .* as it was left, with 32 sales", again.Output);
            foreach (var text in new[] { "new and empty", "before it was attached", "Bootstrap:", "what it lacks" })
                Assert.DoesNotContain(text, again.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, 0, "Nothing waits for a decision.")]
    [InlineData(1, 0, "1 conflict waits for a decision.")]
    [InlineData(0, 1, "1 row waits for a correction.")]
    [InlineData(7, 1, "7 conflicts wait for a decision, and 1 row for a correction.")]
    public void What_waits_is_counted(long conflicts, long deadLetters, string words) => Assert.Equal(words, DemoText.Troubles(conflicts, deadLetters));

    [Fact]
    public async Task A_database_that_holds_something_else_is_not_touched()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE TABLE public.products (id int)");
        var folder = TestFolder.Create();

        var run = await CommandRun.OfAsync("demo", "--once", "--data", folder, "--central", central.ConnectionString);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is not empty (it has public.products)", run.Error, StringComparison.Ordinal);
        Assert.False(await central.ScalarAsync<bool>("SELECT to_regnamespace('payflow') IS NOT NULL"));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    private static (long Load, long Change, long Still) Moved(CommandRun run)
    {
        var syncs = run.Json.GetProperty("syncs");
        return (syncs[0].GetProperty("moved").GetInt64(), syncs[1].GetProperty("moved").GetInt64(), syncs[2].GetProperty("moved").GetInt64());
    }
}
