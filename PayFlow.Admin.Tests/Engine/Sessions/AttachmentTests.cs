using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Making a file a terminal.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task A_file_that_is_refused_leaves_no_run_that_seems_to_go_on()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE goods (id int PRIMARY KEY)");
        using var file = new TerminalFile("CREATE TABLE other (id INTEGER PRIMARY KEY)");

        var refused = await Assert.ThrowsAsync<SyncException>(() => new Attachment(chain.Source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = "T1" }, CancellationToken.None));

        Assert.Equal(SyncErrorCode.SchemaMismatch, refused.Code);
        Assert.Equal($"FAILED {refused.Message}", await chain.Database.ScalarAsync<string>("SELECT string_agg(status || ' ' || coalesce(error_message, ''), '; ') FROM payflow.sync_log"));
    }
}
