using PayFlow.Admin.Data;
using PayFlow.Admin.Output;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals codes</c>: codes that nobody has used yet.</summary>
internal sealed class TerminalsCodesVerb : Verb
{
    /// <summary>What is shown of a code's number, and is enough to name it. The code itself cannot be read again.</summary>
    public const int IdLength = 8;

    public TerminalsCodesVerb(CommandRunner runner)
        : base("codes", "List the codes that still let a till in, with the numbers that withdraw asks for. What a code is cannot be read again.", runner)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        await using var central = await call.OpenCentralAsync();
        await ConsoleMigrator.MigrateAsync(central.Source, call.Time, call.Cancelled);
        var codes = (await new DeviceReader(central.Source).ListCodesAsync(new PageRequest(1, int.MaxValue), call.Cancelled)).Items;
        call.Output.Json(new { ok = true, codes = codes.Select(c => new { id = c.Id[..IdLength], c.Terminal, c.Name, c.CreatedAt, c.CreatedBy, c.ExpiresAt }) });
        if (codes.Count == 0)
        {
            call.Output.Line("No code is open. payflow terminals code makes one.");
            return ExitCode.Done;
        }
        var table = new TextTable("number", "lets in", "name", "made by", "ends (UTC)");
        foreach (var code in codes)
            table.Add([code.Id[..IdLength], code.Terminal ?? "a new till", code.Name ?? "-", code.CreatedBy, Figures.ShortInstant(code.ExpiresAt, call.Time.GetUtcNow())]);
        call.Output.Table(table);
        return ExitCode.Done;
    }
}
