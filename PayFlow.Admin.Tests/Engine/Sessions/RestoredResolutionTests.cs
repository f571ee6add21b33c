using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Conflicts of which one side has forgotten something, because its file or its database is an older one.</summary>
public sealed class RestoredResolutionTests
{
    [Fact]
    public async Task A_restored_file_whose_conflict_was_decided_long_ago_takes_the_decision_over_again()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        var backup = await dispute.BackUpAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        await dispute.SettleAsync();
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '7' WHERE id = '{Dispute.Ann}'");
        await dispute.SettleAsync();

        await dispute.RestoreAsync(backup);

        await dispute.SettleAsync();
        Assert.Equal("7", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task A_restored_file_that_was_changed_since_asks_again_instead_of_winning()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        var backup = await dispute.BackUpAsync();
        await dispute.TakeAsync(conflict, ConflictSide.Central);
        await dispute.SettleAsync();
        await dispute.RestoreAsync(backup);
        dispute.One.Execute($"UPDATE customers SET phone = '8' WHERE id = '{Dispute.Ann}'");

        await dispute.One.SyncAsync();

        var again = await dispute.OpenAsync();
        Assert.NotEqual(conflict.Id, again.Id);
        Assert.Equal("3", await dispute.PhoneAsync());
        await dispute.TakeAsync(again, ConflictSide.Terminal);
        await dispute.SettleAsync();
        Assert.Equal("8", await dispute.PhoneAsync());
    }

    [Fact]
    public async Task A_conflict_that_central_no_longer_knows_is_found_again()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await dispute.Chain.Database.ExecuteAsync("DELETE FROM payflow.conflicts");

        await dispute.One.SyncAsync();

        var again = await dispute.OpenAsync();
        Assert.NotEqual(conflict.Id, again.Id);
        await dispute.TakeAsync(again, ConflictSide.Terminal);
        await dispute.SettleAsync();
        Assert.Equal("2", await dispute.PhoneAsync());
    }
}
