using Xunit;

namespace PayFlow.Admin.Tests.Commands;

/// <summary><c>verify</c> and <c>repair</c> as they are called.</summary>
public sealed class VerifyVerbTests
{
    [Fact]
    public async Task Verify_ends_with_0_or_3_and_repair_makes_it_0_again()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', 0.1)");
        await shop.RunAsync("sync");

        var equal = await shop.RunAsync("verify");
        Assert.Equal(0, equal.ExitCode);
        Assert.Contains("hold the same", equal.Output, StringComparison.Ordinal);

        shop.Till.Execute("BEGIN; UPDATE payflow_state SET applying = 1; UPDATE products SET name = 'Other' WHERE id = 'p3'; DELETE FROM products WHERE id = 'p4'; INSERT INTO products (id, name) VALUES ('x', 'y'); UPDATE payflow_state SET applying = 0; COMMIT");
        var different = await shop.RunAsync("verify");
        Assert.Equal(3, different.ExitCode);
        Assert.Contains("p3: name is 'Other' in the till, 'Product 3' in central", different.Output, StringComparison.Ordinal);
        Assert.Contains("payflow repair --from", different.Output, StringComparison.Ordinal);
        // By the id alone: central knows where the file lies.
        var json = (await CommandRun.OfAsync("verify", "--terminal", "T1", "--tables", "products", "--json", "--central", shop.Central.ConnectionString)).Json;
        Assert.False(json.GetProperty("equal").GetBoolean());
        Assert.Equal((1, 1, 1), (Count("missingInTerminal"), Count("missingInCentral"), Count("different")));

        Assert.Contains("Nothing was changed", (await shop.RunAsync("repair", "--from", "central", "--dry-run")).Output, StringComparison.Ordinal);
        var unconfirmed = await shop.RunAsync("repair", "--from", "central");
        Assert.Equal(2, unconfirmed.ExitCode);
        Assert.Contains("--yes", unconfirmed.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await shop.RunAsync("repair", "--from", "central", "--yes", "--limit", "2")).ExitCode);
        Assert.Equal(2, (await shop.RunAsync("repair", "--from", "nowhere")).ExitCode);
        var repaired = await shop.RunAsync("repair", "--from", "central", "--yes");
        Assert.Equal(0, repaired.ExitCode);
        Assert.Contains("repaired from central; run", repaired.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await shop.RunAsync("verify")).ExitCode);

        int Count(string name) => json.GetProperty("tables")[0].GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_till_that_nobody_knows_is_said_so()
    {
        await using var shop = await Shop.OpenAsync();
        Assert.Equal(2, (await shop.RunAsync("verify")).ExitCode);
        Assert.Contains("does not know a terminal", (await CommandRun.OfAsync("verify", "--terminal", "nope", "--central", shop.Central.ConnectionString)).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandRun.OfAsync("verify", "--central", shop.Central.ConnectionString)).ExitCode);
    }
}
