using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Merge;

/// <summary>Every way in which a row of two plain columns, an additive one and a timestamp can have changed on both sides, under every policy.</summary>
public sealed class MergeRulesTests
{
    private const int Added = 2;
    private const int Stamp = 3;

    public static TheoryData<ConflictPolicy, ConflictPolicy> Policies()
    {
        var policies = new TheoryData<ConflictPolicy, ConflictPolicy>();
        foreach (var conflicts in new[] { ConflictPolicy.ServerWins, ConflictPolicy.LocalWins, ConflictPolicy.LastWriterWins, ConflictPolicy.Manual })
        {
            policies.Add(conflicts, ConflictPolicy.Manual);
            policies.Add(ConflictPolicy.Merge, conflicts);
        }
        return policies;
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_change_against_every_other_ends_as_the_policy_says(ConflictPolicy conflicts, ConflictPolicy fallback)
    {
        var policy = new MergePolicy(conflicts, fallback, Stamp);
        foreach (var (terminal, central) in Pairs())
        {
            var row = Compare(terminal, central);
            var decision = MergeRules.Decide(policy, row);
            var final = Apply(decision, terminal, central);
            var what = $"{conflicts}/{fallback}: terminal {string.Join(' ', terminal)}, central {string.Join(' ', central)}, {decision}";

            Assert.True(final[Added] == central[Added] + terminal[Added], what);
            Assert.True(terminal[Stamp] == 0 || central[Stamp] == 0 ? final[Stamp] == terminal[Stamp] + central[Stamp] || decision.Conflict is not null : final[Stamp] is 1 or 2, what);
            Assert.True(decision.Answer || decision.Action == MergeAction.Ask || final.SequenceEqual(terminal), what);
            AssertPlain(policy, row, terminal, central, final, decision, what);
        }
    }

    [Theory]
    [InlineData(ConflictPolicy.LocalWins, "Delete", "terminal")]
    [InlineData(ConflictPolicy.ServerWins, "Keep", "central")]
    [InlineData(ConflictPolicy.LastWriterWins, "Keep", "central")]
    [InlineData(ConflictPolicy.Manual, "Ask", null)]
    public void A_delete_against_a_change_goes_by_the_policy_or_by_the_fallback(ConflictPolicy policy, string action, string? resolution)
    {
        foreach (var rules in new[] { new MergePolicy(policy, Stamp: Stamp), new MergePolicy(ConflictPolicy.Merge, policy, Stamp) })
        {
            var deleted = MergeRules.Decide(rules, Compare([0, 0, 0, 0], [1, 0, 0, 1]) with { IsDelete = true });
            Assert.Equal((action, "delete-update", resolution), (deleted.Action.ToString(), deleted.Conflict, deleted.Resolution));
            var missing = MergeRules.Decide(rules, Compare([1, 0, 0, 1], [0, 0, 0, 0]) with { Found = false });
            Assert.Equal((policy == ConflictPolicy.LocalWins ? "Insert" : action, "update-delete", resolution), (missing.Action.ToString(), missing.Conflict, missing.Resolution));
        }
    }

    [Fact]
    public void A_delete_against_what_only_adds_up_is_a_delete()
    {
        foreach (var policy in Enum.GetValues<ConflictPolicy>())
        {
            var rules = new MergePolicy(policy, Stamp: Stamp);
            Assert.Equal(new MergeDecision(MergeAction.Delete), MergeRules.Decide(rules, Compare([0, 0, 0, 0], [0, 0, 1, 1]) with { IsDelete = true }));
            var missing = MergeRules.Decide(rules, Compare([0, 0, 1, 1], [0, 0, 0, 0]) with { Found = false });
            Assert.False(missing.IsOpen);
            Assert.Equal(policy == ConflictPolicy.LocalWins ? MergeAction.Insert : MergeAction.Keep, missing.Action);
        }
    }

    [Fact]
    public void What_was_deleted_on_both_sides_or_is_nobodys_business_is_no_conflict()
    {
        var changed = Compare([0, 0, 0, 0], [1, 0, 0, 0]) with { IsDelete = true };
        Assert.Equal(new MergeDecision(MergeAction.Keep), MergeRules.Decide(new MergePolicy(ConflictPolicy.Manual), changed with { IsMarkedInCentral = true }));
        Assert.Equal(new MergeDecision(MergeAction.Keep), MergeRules.Decide(new MergePolicy(ConflictPolicy.Manual), changed with { Found = false }));
        Assert.Equal(new MergeDecision(MergeAction.Keep), MergeRules.Decide(new MergePolicy(ConflictPolicy.Manual, IgnoresDeletes: true), changed));
        var edited = Compare([1, 0, 0, 0], [0, 0, 0, 0]) with { Found = false };
        Assert.Equal(new MergeDecision(MergeAction.Insert), MergeRules.Decide(new MergePolicy(ConflictPolicy.Manual, IgnoresDeletes: true), edited));
        Assert.Equal(new MergeDecision(MergeAction.Insert), MergeRules.Decide(new MergePolicy(ConflictPolicy.Manual), edited with { IsRevived = true }));
    }

    [Theory]
    [InlineData(ConflictPolicy.LocalWins, "Update", "terminal")]
    [InlineData(ConflictPolicy.ServerWins, "Keep", "central")]
    [InlineData(ConflictPolicy.Manual, "Ask", null)]
    public void A_row_made_on_both_sides_goes_by_the_policy_as_a_whole_and_nothing_is_added(ConflictPolicy policy, string action, string? resolution)
    {
        foreach (var rules in new[] { new MergePolicy(policy, Stamp: Stamp), new MergePolicy(ConflictPolicy.Merge, policy, Stamp) })
        {
            var row = Compare([1, 0, 2, 0], [2, 0, 1, 0]) with { HasBase = false, ChangedInTerminal = "", ChangedInCentral = "", Adds = "" };
            var decision = MergeRules.Decide(rules, row);
            Assert.Equal((action, "insert-insert", resolution, "1010"), (decision.Action.ToString(), decision.Conflict, decision.Resolution, decision.Disputed));
            var marked = MergeRules.Decide(rules, row with { IsMarkedInCentral = true });
            Assert.Equal((MergeAction.Update, true, null), (marked.Action, marked.Revives, marked.Conflict));
        }
    }

    private static void AssertPlain(in MergePolicy policy, in RowComparison row, int[] terminal, int[] central, int[] final, in MergeDecision decision, string what)
    {
        var wanted = new[] { 0, 1 }.Where(i => terminal[i] != 0 && terminal[i] != central[i]).ToList();
        var disputed = wanted.Where(i => central[i] != 0).ToList();
        var isConflict = policy.Conflicts == ConflictPolicy.Merge ? disputed.Count > 0 : wanted.Count > 0 && (central[0] != 0 || central[1] != 0);
        var rule = policy.OfWholeRows;
        var terminalWins = rule == ConflictPolicy.LocalWins || (rule == ConflictPolicy.LastWriterWins && row.TerminalIsNewer);
        Assert.True(decision.IsOpen == (isConflict && rule == ConflictPolicy.Manual), what);
        Assert.True(decision.Conflict is null || decision.Disputed!.Contains('1', StringComparison.Ordinal), what);
        foreach (var i in new[] { 0, 1 })
        {
            var isLost = isConflict && !terminalWins && (policy.Conflicts == ConflictPolicy.Merge ? disputed.Contains(i) : wanted.Contains(i));
            Assert.True(final[i] == (wanted.Contains(i) && !isLost ? terminal[i] : central[i]), what);
            // What waits is not agreed on, and nothing else waits where fields are merged.
            if (decision.IsOpen && policy.Conflicts == ConflictPolicy.Merge)
                Assert.True(ColumnSet.Has(decision.Open!, i) == disputed.Contains(i), what);
        }
    }

    // The base is all zeros.
    private static IEnumerable<(int[] Terminal, int[] Central)> Pairs()
    {
        for (var code = 0; code < 6561; code++)
        {
            var digits = Enumerable.Range(0, 8).Select(i => code / (int)Math.Pow(3, i) % 3).ToArray();
            yield return (digits[..4], digits[4..]);
        }
    }

    private static RowComparison Compare(int[] terminal, int[] central) => new(
        Found: true, IsDelete: false, HasBase: true,
        ChangedInTerminal: Flags(i => terminal[i] != 0), ChangedInCentral: Flags(i => central[i] != 0), Differs: Flags(i => terminal[i] != central[i]), Adds: Flags(i => i == Added),
        IsMarkedInCentral: false, IsRevived: false, TerminalIsNewer: terminal[Stamp] > central[Stamp], IsLinked: true, TouchedInCentral: null);

    private static string Flags(Func<int, bool> has) => ColumnSet.Of(4, has);

    private static int[] Apply(in MergeDecision decision, int[] terminal, int[] central)
    {
        var columns = decision.Action == MergeAction.Update ? decision.Columns! : "0000";
        return [.. Enumerable.Range(0, 4).Select(i => !ColumnSet.Has(columns, i) ? central[i] : i == Added ? central[i] + terminal[i] : terminal[i])];
    }
}
