using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Copied files, moved files, and the wrong central.</summary>
public sealed class CopiedFileTests
{
    private static readonly SyncRequest Moved = new() { AcceptMoved = true };

    [Fact]
    public async Task A_copied_file_used_as_a_second_till_is_refused_with_the_remedy_and_can_be_registered()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("unsent", "p2"));
        using var file = new TerminalFile();
        till.Execute($"VACUUM INTO '{file.Path}'");
        await till.SyncAsync();
        var copy = chain.Open("T1", file);

        var refused = await Assert.ThrowsAsync<SyncException>(() => copy.Sync.RunAsync());
        Assert.Equal(SyncErrorCode.IdentityMismatch, refused.Code);
        Assert.Contains("--as-new", refused.Hint, StringComparison.Ordinal);
        await copy.Sync.DisposeAsync();
        await new Attachment(chain.Source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = "T2", AsNew = true }, CancellationToken.None);
        copy = chain.Open("T2", file);
        await copy.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        copy.Execute(Shop.Sale("of the second", "p1"));
        till.Execute(Shop.Sale("of the first", "p1"));
        foreach (var each in new[] { copy, till, copy, till })
            await each.SyncAsync();
        Assert.Equal(["of the first", "of the second", "unsent"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT order_id) FROM order_items"));
        await Shop.AssertConvergedAsync(chain, till, copy);
    }

    [Fact]
    public async Task Two_copies_that_both_sync_are_told_apart_and_an_accepted_move_goes_on()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        using var file = await CopyAsync(till);
        till.Execute("INSERT INTO orders (number) VALUES ('B')");
        await till.SyncAsync();
        var copy = chain.Open("T1", file);
        copy.Execute("INSERT INTO orders (number) VALUES ('C')");
        await Assert.ThrowsAsync<SyncException>(() => copy.Sync.RunAsync());
        Assert.Equal(["A", "B"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));

        await copy.Settled();
        await copy.Sync.RunAsync(Moved);
        await copy.SyncAsync();
        Assert.Equal(["A", "B", "C"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(["A", "B", "C"], copy.Texts("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(SyncErrorCode.IdentityMismatch, (await Assert.ThrowsAsync<SyncException>(() => till.Sync.RunAsync())).Code);
    }

    [Fact]
    public async Task A_moved_file_that_is_as_far_as_central_says_is_believed()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        await till.SyncAsync();
        await till.Sync.DisposeAsync();
        using var file = new TerminalFile();
        File.Move(till.File.Path, file.Path);
        var moved = chain.Open("T1", file);
        moved.Execute("INSERT INTO orders (number) VALUES ('B')");
        Assert.True((await moved.SyncAsync()).IsClean);
        Assert.Equal(["A", "B"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
    }

    [Fact]
    public async Task A_copy_is_refused_even_before_the_original_has_moved_on()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        using var file = await CopyAsync(till);
        var copy = chain.Open("T1", file);
        copy.Execute("INSERT INTO orders (number) VALUES ('B')");

        var refused = await Assert.ThrowsAsync<SyncException>(() => copy.Sync.RunAsync());

        Assert.Equal(SyncErrorCode.IdentityMismatch, refused.Code);
        till.Execute("INSERT INTO orders (number) VALUES ('C')");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["A", "C"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
    }

    [Fact]
    public async Task The_wrong_central_is_refused_and_nothing_is_written_there()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await using var other = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        await other.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        await till.Sync.DisposeAsync();
        var stray = other.Open("T1", till.File);
        var refused = await Assert.ThrowsAsync<SyncException>(() => stray.Sync.RunAsync());
        Assert.Equal(SyncErrorCode.IdentityMismatch, refused.Code);
        Assert.Contains("another central", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await other.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        await stray.Sync.DisposeAsync();
        await chain.Open("T1", till.File).SyncAsync();
        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders"));
    }

    // After a sale, A, that both know of.
    private static async Task<TerminalFile> CopyAsync(Till till)
    {
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        await till.SyncAsync();
        var copy = new TerminalFile();
        till.Execute($"VACUUM INTO '{copy.Path}'");
        return copy;
    }
}
