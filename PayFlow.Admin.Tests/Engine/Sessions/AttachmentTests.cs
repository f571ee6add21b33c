using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Making a file a terminal.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task A_file_that_is_refused_leaves_neither_a_run_that_seems_to_go_on_nor_a_terminal()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE goods (id int PRIMARY KEY)");
        using var file = new TerminalFile("CREATE TABLE other (id INTEGER PRIMARY KEY)");

        var refused = await Assert.ThrowsAsync<SyncException>(() => new Attachment(chain.Source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = "T1" }, CancellationToken.None));

        Assert.Equal(SyncErrorCode.SchemaMismatch, refused.Code);
        Assert.Equal($"FAILED {refused.Message}", await chain.Database.ScalarAsync<string>("SELECT string_agg(status || ' ' || coalesce(error_message, ''), '; ') FROM payflow.sync_log"));
        Assert.Null(await new TerminalRegistry(chain.Source).FindAsync("T1", CancellationToken.None));
    }

    [Fact]
    public async Task A_copy_that_is_detached_leaves_the_terminal_its_own_file()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE goods (id int PRIMARY KEY)");
        var till = await chain.TillAsync("T1", "CREATE TABLE goods (id INTEGER PRIMARY KEY)");
        till.Execute("INSERT INTO goods VALUES (1)");
        await till.SyncAsync();
        var copy = till.File.Path + ".copy";
        till.Execute($"VACUUM INTO '{copy}'");

        Assert.Equal(new DetachReport("T1", IsCopy: true), await new Attachment(chain.Source).DetachAsync(copy, force: false, CancellationToken.None));

        Assert.Equal(TerminalState.Active, (await new TerminalRegistry(chain.Source).FindAsync("T1", CancellationToken.None))!.State);
        till.Execute("INSERT INTO goods VALUES (2)");
        Assert.Equal(1, (await till.SyncAsync()).Moved);
        await till.Sync.DisposeAsync();
        File.Delete(copy);
        Assert.Equal(new DetachReport("T1", IsCopy: false), await new Attachment(chain.Source).DetachAsync(till.File.Path, force: false, CancellationToken.None));
        Assert.Equal(TerminalState.Detached, (await new TerminalRegistry(chain.Source).FindAsync("T1", CancellationToken.None))!.State);
    }

    [Fact]
    public async Task A_terminal_that_was_taken_out_of_service_stays_so_when_another_file_is_refused_under_its_id()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE goods (id int PRIMARY KEY)");
        var till = await chain.TillAsync("T1", "CREATE TABLE goods (id INTEGER PRIMARY KEY)");
        await till.Sync.DisposeAsync();
        await new Attachment(chain.Source).DetachAsync(till.File.Path, force: false, CancellationToken.None);
        using var file = new TerminalFile("CREATE TABLE other (id INTEGER PRIMARY KEY)");

        await Assert.ThrowsAsync<SyncException>(() => new Attachment(chain.Source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = "T1" }, CancellationToken.None));

        Assert.Equal(TerminalState.Detached, (await new TerminalRegistry(chain.Source).FindAsync("T1", CancellationToken.None))!.State);
    }
}
