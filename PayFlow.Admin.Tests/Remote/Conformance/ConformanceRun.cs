using System.Globalization;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>Takes one client through one case, on a file of its own.</summary>
internal sealed class ConformanceRun(RemoteChain chain, ConformanceSchema schema, string terminal, Func<RemoteChain, string, IConformanceTill> client)
{
    private static readonly Dictionary<string, string> Attributes = new() { ["store"] = "S1" };

    /// <summary>What both databases hold at the end.</summary>
    public async Task<List<string>> RunAsync(IReadOnlyList<ConformanceStep> steps)
    {
        await chain.Chain.Database.ExecuteAsync(schema.Clear);
        using var file = new TerminalFile(string.Join(";\n", schema.Till));
        await using var till = client(chain, file.Path);
        await RegisterAsync(till);
        foreach (var step in steps)
            await CarryOutAsync(step, till, file);
        return await new ConformanceDump(chain.Chain, schema, terminal).ReadAsync(file);
    }

    private async Task CarryOutAsync(ConformanceStep step, IConformanceTill till, TerminalFile file)
    {
        if (step.Central is { } central)
            await chain.Chain.Database.ExecuteAsync(central);
        if (step.Till is { } statements)
            file.Execute(statements);
        if (step.Sync is { } sync)
        {
            await chain.Chain.SettledAsync();
            Assert.Equal((till.ToString(), sync.Expect), (till.ToString(), await till.SyncAsync(sync.Die, sync.Lose)));
        }
        if (step.Keep)
            file.Execute($"VACUUM INTO '{Kept(file)}'");
        if (step.Restore)
            await RestoreAsync(till, file);
        if (step.Elsewhere is { } elsewhere)
            await SyncElsewhereAsync(elsewhere, till, file);
        if (step.Decide is { } side)
            await DecideAsync(step.Key!, Enum.Parse<ConflictSide>(side, ignoreCase: true));
        if (step.Revoke)
            await chain.Desk.RevokeAsync(terminal, "ada", null, CancellationToken.None);
        if (step.Register)
            await RegisterAsync(till);
        if (step.Check is { } check)
            Assert.Equal((till.ToString(), check.Till ?? check.Central, check.Is), (till.ToString(), check.Till ?? check.Central, await ReadAsync(check, file)));
    }

    private static string Kept(TerminalFile file) => file.Path + ".kept";

    private static async Task RestoreAsync(IConformanceTill till, TerminalFile file)
    {
        await till.DisposeAsync();
        foreach (var part in new[] { string.Empty, "-wal", "-shm" })
            File.Delete(file.Path + part);
        File.Copy(Kept(file), file.Path);
    }

    private async Task SyncElsewhereAsync(ConformanceSync sync, IConformanceTill till, TerminalFile file)
    {
        await till.DisposeAsync();
        using var other = new TerminalFile();
        File.Copy(Kept(file), other.Path);
        // The key lies beside the file and is copied with it.
        foreach (var beside in Directory.EnumerateFiles(Path.GetDirectoryName(file.Path)!, "till.db.payflow-*"))
            File.Copy(beside, other.Path + beside[file.Path.Length..]);
        await using var copy = client(chain, other.Path);
        Assert.Equal((copy.ToString(), sync.Expect), (copy.ToString(), await copy.SyncAsync(sync.Die, sync.Lose)));
    }

    private async Task RegisterAsync(IConformanceTill till) => await till.RegisterAsync(await chain.Desk.CreateCodeAsync(terminal, null, Attributes, "ada", CancellationToken.None));

    private async Task<string?> ReadAsync(ConformanceCheck check, TerminalFile file) =>
        check.Till is { } query ? Convert.ToString(file.Scalar(query), CultureInfo.InvariantCulture) : (await chain.Chain.TextsAsync(check.Central!)).FirstOrDefault();

    private async Task DecideAsync(string key, ConflictSide side)
    {
        var open = await new ConflictDesk(chain.Chain.Source).ListAsync(new ConflictFilter { Terminal = terminal });
        var conflict = Assert.Single(open.Conflicts, c => c.Key == key);
        await new ConflictResolver(chain.Chain.Source).ResolveAsync(conflict.Id, conflict.Version, ConflictChoice.Of(side), "ada");
    }
}
