using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>What tests of verify and repair have in common.</summary>
internal static class VerifyCase
{
    public static Task<VerifyReport> VerifyAsync(this SyncFixture chain, Till till, VerifyRequest? request = null) =>
        new Verification(till.File.Path, chain.Source).RunAsync(request ?? new VerifyRequest { Samples = 20 });

    /// <summary>Repairs, with a yes given.</summary>
    public static async Task<RepairReport> RepairAsync(this SyncFixture chain, Till till, RepairSource from, Func<RepairRequest, RepairRequest>? with = null)
    {
        await till.Settled();
        var request = new RepairRequest { From = from, IsConfirmed = true, Actor = "tester", Samples = 20 };
        var options = new SyncOptions { TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(50) };
        return await new Repair(till.File.Path, chain.Source, options).RunAsync(with?.Invoke(request) ?? request);
    }

    public static VerifyTableReport Table(this VerifyReport report, string name) => report.Tables.Single(t => t.Table == name);

    /// <summary>Changes central as a restored table or a superuser would: no trigger fires.</summary>
    public static Task BehindCaptureAsync(this SyncFixture chain, string sql) => chain.Database.ExecuteAsync($"SET session_replication_role = replica; {sql}; SET session_replication_role = origin");

    /// <summary>Changes the till without its capture.</summary>
    public static void BehindCapture(this Till till, string sql) => till.Execute($"BEGIN; UPDATE payflow_state SET applying = 1; {sql}; UPDATE payflow_state SET applying = 0; COMMIT");

    public static IEnumerable<string> Lines(this VerifyReport report) => report.Tables.Select(t => $"{t.Table} {t.Equal} equal");

    public static string Describe(this VerifyReport report) => string.Join("\n", report.Tables.Select(t =>
        $"{t.Table}: {t.Equal} equal, {t.MissingInTerminal} missing in terminal, {t.MissingInCentral} missing in central, {t.Different} different, {t.InFlight} in flight {t.NotCompared}{string.Concat(t.Samples.Select(s => "\n  " + s))}"));
}
