using PayFlow.Admin.Tests.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class ConflictsVerbTests
{
    [Fact]
    public async Task A_conflict_is_listed_shown_side_by_side_and_decided_without_the_till()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();

        var list = await RunAsync(dispute, "list");
        Assert.Contains($"#{conflict.Id}  customers/{Dispute.Ann}", list.Output, StringComparison.Ordinal);
        Assert.Contains("update-update of phone", list.Output, StringComparison.Ordinal);
        var shown = await RunAsync(dispute, "show", $"{conflict.Id}");
        Assert.Matches(@"\* phone +1 +2 +3", shown.Output);
        Assert.Contains("the same everywhere: id, name", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(shown.Output.Split('\n'), l => l.Length > 80);

        var decided = await RunAsync(dispute, "resolve", $"{conflict.Id}", "--take", "terminal", "--version", "1", "--reason", "she called", "--as", "ada");

        Assert.Equal((0, string.Empty), (decided.ExitCode, decided.Error));
        Assert.Equal("2", await dispute.PhoneAsync());
        Assert.Contains("terminal by ada", (await RunAsync(dispute, "show", $"{conflict.Id}")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was done", (await RunAsync(dispute, "resolve", $"{conflict.Id}", "--take", "terminal")).Output, StringComparison.Ordinal);
        Assert.Contains("No conflict waits", (await RunAsync(dispute, "list")).Output, StringComparison.Ordinal);
        await dispute.SettleAsync();
    }

    [Fact]
    public async Task Many_are_looked_at_first_and_decided_with_yes()
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();

        var preview = await RunAsync(dispute, "resolve", "--all", "--table", "customers", "--kind", "update-update", "--terminal", "T1", "--take", "central");
        Assert.Contains("1 open conflict would be decided: take central. Nothing was changed.", preview.Output, StringComparison.Ordinal);
        Assert.NotNull(await dispute.OpenAsync());
        var done = await RunAsync(dispute, "resolve", "--all", "--table", "customers", "--take", "central", "--yes");

        Assert.Contains("1 conflict decided, 0 refused.", done.Output, StringComparison.Ordinal);
        await dispute.AssertNoneAsync();
    }

    [Fact]
    public async Task Json_has_every_side_with_plain_values()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();

        var shown = (await RunAsync(dispute, "show", $"{conflict.Id}", "--json")).Json.GetProperty("conflict");

        Assert.Equal("1", shown.GetProperty("base").GetProperty("phone").GetString());
        Assert.Equal("2", shown.GetProperty("terminal").GetProperty("phone").GetString());
        Assert.Equal("3", shown.GetProperty("now").GetProperty("phone").GetString());
        Assert.Equal(conflict.Id, (await RunAsync(dispute, "list", "--json")).Json.GetProperty("conflicts")[0].GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("Nothing was decided", "resolve", "1")]
    [InlineData("No conflict was named", "resolve", "--take", "central")]
    [InlineData("There is no conflict 99", "resolve", "99", "--take", "central")]
    [InlineData("that is no side", "resolve", "1", "--take", "mine")]
    [InlineData("is not of the form name=value", "resolve", "1", "--set", "phone")]
    [InlineData("a filter as well", "resolve", "1", "--all", "--take", "central")]
    [InlineData("There is no synced table war", "list", "--table", "war")]
    [InlineData("does not know a terminal T9", "resolve", "--all", "--terminal", "T9", "--take", "central")]
    [InlineData("'abc' is no whole number", "show", "abc")]
    [InlineData("--limit: 'x' is no whole number", "list", "--limit", "x")]
    [InlineData("is no kind of conflict", "list", "--kind", "war")]
    [InlineData("is no state of a conflict", "list", "--state", "asleep")]
    [InlineData("is no time", "list", "--since", "yesterday-ish")]
    public async Task What_is_not_understood_is_one_line_and_a_hint(string words, params string[] arguments)
    {
        await using var central = await PayFlow.Admin.Tests.Fixtures.CentralDatabase.CreateAsync();

        var run = await CommandRun.OfAsync(["conflicts", .. arguments, "--central", central.ConnectionString]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: ", run.Lines[1], StringComparison.Ordinal);
    }

    private static Task<CommandRun> RunAsync(Dispute dispute, params string[] arguments) => CommandRun.OfAsync(["conflicts", .. arguments, "--central", dispute.Chain.Database.ConnectionString]);
}
