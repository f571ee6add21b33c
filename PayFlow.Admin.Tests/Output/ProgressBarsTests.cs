using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Sessions;
using Spectre.Console;
using Xunit;

namespace PayFlow.Admin.Tests.Output;

public sealed class ProgressBarsTests
{
    [Fact]
    public async Task A_run_of_several_tables_moves_on_a_terminal()
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });

        await console.Progress().AutoRefresh(false).Columns(new TaskDescriptionColumn()).StartAsync(context =>
        {
            var bars = new ProgressBars(context, "T1", TimeProvider.System);
            bars.Report(new SyncProgress("bootstrap", "orders [old]", 0, 100));
            bars.Report(new SyncProgress("bootstrap", "orders [old]", 50, 100));
            context.Refresh();
            bars.Report(new SyncProgress("load", "products", 1_200, null));
            bars.Report(new SyncProgress("push", null, 0, 0));
            context.Refresh();
            return Task.CompletedTask;
        });

        Assert.Contains("till T1 → central  bootstrap orders [old]  50 rows", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("central → till T1  load products  1,200 rows", screen.ToString(), StringComparison.Ordinal);
    }
}
