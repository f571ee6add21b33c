using System.Net;
using PayFlow.Admin.Api.Export;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Tests.Jobs;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

public sealed class ExportTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("  =1", "'  =1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void What_a_spreadsheet_would_compute_gets_an_apostrophe(string text, string written) => Assert.Equal(written, CsvFile.Harmless(text));

    [Fact]
    public async Task Fields_are_quoted_numbers_and_instants_are_plain()
    {
        using var stream = new MemoryStream();
        await using (var csv = new CsvFile(stream))
            await csv.WriteAsync("a \"b\", c", "two\nlines", -5L, new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.FromHours(1)), null, "x");
        Assert.Equal("\uFEFF\"a \"\"b\"\", c\",\"two\nlines\",-5,2026-11-22T02:00:00.000Z,,x\r\n", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task The_filtered_list_comes_as_a_file_without_formulas_and_the_audit_knows_who_took_it()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        await central.ExecuteAsync("""
            INSERT INTO payflow.audit (actor, action, table_name, key) VALUES ('=cmd|'' /C calc''!A0', 'queue.edit', 'orders', '+1'), ('somebody', 'queue.edit', 'customers', '2');
            """);
        using var browser = await host.SignedInAsync(Roles.Viewer);

        using var answer = await browser.GetAsync("/export/audit?table=orders&page=3");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("attachment; filename=", answer.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(",'=cmd|' /C calc'!A0,queue.edit,,orders,'+1,", lines[1], StringComparison.Ordinal);
        Assert.Equal("orders", await central.ScalarAsync<string>("SELECT detail #>> '{filter,table}' FROM payflow.audit WHERE action = 'export.audit' AND actor = 'viewer@example.com'"));
    }

    [Fact]
    public async Task A_long_queue_comes_whole_and_each_row_once()
    {
        await using var jobs = await JobCase.CreateAsync(hasHost: false);
        JobCase.Sell(await jobs.TillAsync("T1"), 2_500);
        await using var host = await (await ConsoleHost.StartAsync(jobs.Fixture.Database)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        var keys = (await browser.GetStringAsync("/export/queue?terminal=T1")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[2]).ToList();
        Assert.Equal(2_500, keys.Count);
        Assert.Equal(2_500, keys.Distinct().Count());
        using var unknown = await browser.GetAsync("/export/queue?terminal=T9");
        Assert.Equal(HttpStatusCode.Conflict, unknown.StatusCode);
        Assert.Contains("T9", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("conflicts")]
    [InlineData("queue")]
    public async Task An_empty_list_is_a_file_with_its_heading(string list)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        Assert.Single((await browser.GetStringAsync($"/export/{list}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }
}
