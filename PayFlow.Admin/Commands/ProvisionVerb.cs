using System.CommandLine;
using Microsoft.Data.Sqlite;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow provision</c>: makes the tables that one side lacks out of the other side's.</summary>
internal sealed class ProvisionVerb : Verb
{
    private static readonly Option<string> From = WithSides(new Option<string>("--from") { Description = "The side that has the tables: terminal creates them in central, central creates them in the till's file.", HelpName = "terminal|central", Required = true });
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the statements, and run none." };

    public ProvisionVerb(CommandRunner runner)
        : base("provision", "Create on one side the tables and columns that only the other side has. Nothing that exists is altered or dropped.", runner,
            From, DryRun, runner.Options.Sqlite, runner.Options.Map)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var map = MapFile.Read(call);
        var toTerminal = call.Get(From)!.Equals("central", StringComparison.OrdinalIgnoreCase);
        var isNewFile = toTerminal && !Path.Exists(path);
        if (!isNewFile)
            TerminalConnection.Open(path).Dispose();

        await using var central = await call.OpenCentralAsync();
        var planned = await MapFile.OrStoredAsync(map, central, call.Cancelled);
        var script = toTerminal
            ? await ToTerminalAsync(call, central, path, isNewFile, planned)
            : await ToCentralAsync(call, central, path, planned);
        if (!call.Get(DryRun))
            await MapFile.SaveAsync(map, path, central, call.Cancelled);
        Show(call, script, toTerminal ? path : $"central {central.Place}");
        return ExitCode.Done;
    }

    private static async Task<ProvisionScript> ToCentralAsync(Invocation call, OpenedCentral central, string path, TableMap? map)
    {
        using var terminal = TerminalConnection.Open(path);
        await using var connection = await central.Source.OpenConnectionAsync(call.Cancelled);
        var script = await Provisioner.PlanCentralAsync(terminal, connection, map, call.Cancelled);
        if (!call.Get(DryRun))
            await script.ApplyAsync(connection, call.Cancelled);
        return script;
    }

    private static async Task<ProvisionScript> ToTerminalAsync(Invocation call, OpenedCentral central, string path, bool isNewFile, TableMap? map)
    {
        var isDryRun = call.Get(DryRun);
        try
        {
            using var terminal = isNewFile && isDryRun ? InMemory() : TerminalConnection.OpenOrCreate(path);
            await using var connection = await central.Source.OpenConnectionAsync(call.Cancelled);
            var script = await Provisioner.PlanTerminalAsync(connection, terminal, map, call.Cancelled);
            if (!isDryRun)
                script.Apply(terminal);
            return script;
        }
        catch when (isNewFile && File.Exists(path))
        {
            // An empty file that nobody asked for would look like a till.
            File.Delete(path);
            throw;
        }
    }

    private static SqliteConnection InMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static void Show(Invocation call, ProvisionScript script, string place)
    {
        var isDryRun = call.Get(DryRun);
        var output = call.Output;
        output.Json(new
        {
            ok = true,
            side = script.Side.ToString().ToLowerInvariant(),
            applied = !isDryRun,
            statements = script.Statements.Select(s => new { description = s.Description, sql = s.Sql, table = s.Table, column = s.Column }),
            notes = script.Notes.Select(FindingText.Json),
        });
        if (isDryRun)
        {
            output.Line(script.ToSql().TrimEnd());
        }
        else
        {
            foreach (var statement in script.Statements)
                output.Line($"  {statement.Description}");
        }
        foreach (var table in script.Notes.GroupBy(n => n.Table, StringComparer.OrdinalIgnoreCase))
            FindingText.Show(output, table.Key, table);
        output.Line(script.IsEmpty
            ? $"{place} lacks nothing."
            : isDryRun ? $"-- {Figures.Count(script.Statements.Count, "statement")} for {place}; none was run." : $"{Figures.Count(script.Statements.Count, "statement")} done in {place}.");
        if (!isDryRun && script.Side == DatabaseSide.Terminal)
            output.Line($"next: payflow attach --sqlite {call.RequireSqliteFile()}");
    }

    private static Option<string> WithSides(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value.ToLowerInvariant() is not ("terminal" or "central"))
                result.AddError($"'{token.Value}' is no side: use --from terminal or --from central.");
        });
        return option;
    }
}
