using System.Net;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Hosting;

public sealed class MissingPageTests
{
    [Theory]
    [InlineData("/nonsense")]
    [InlineData("/runs/not-a-run")]
    [InlineData("/conflicts/x")]
    [InlineData("/jobs/99999999999999999999999")]
    [InlineData("/export/nothing")]
    [InlineData("/nonsense/that/is/deep?with=a&query=1")]
    public async Task An_address_that_no_page_has_is_answered_404_with_the_page_that_says_so(string path)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        using var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Who is not signed in does not learn which pages there are.
        using var nobody = host.Browser();
        using var asked = await nobody.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Contains(AccountPaths.SignIn, asked.Headers.Location!.ToString(), StringComparison.Ordinal);
    }
}
