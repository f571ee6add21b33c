using System.Runtime.CompilerServices;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PayFlow.Admin.Components.Pages.Consistency;
using PayFlow.Admin.Components.Pages.Tables;
using PayFlow.Admin.Components.Pages.Terminals;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Tables;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

/// <summary>A preview opens files and holds locks: whoever may not act is refused before it begins, also where the browser asks past a disabled button.</summary>
public sealed class PreviewRoleTests : BunitContext
{
    private readonly NpgsqlDataSource _central = SignedIn.NoCentral();

    public PreviewRoleTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new TerminalDesk(_central));
        Services.AddSingleton(new RereadDesk(_central, TimeProvider.System));
        Services.AddSingleton(new RollbackPreview(_central, TimeProvider.System));
        Services.AddSingleton(new ProvisionDesk(_central));
    }

    [Fact]
    public async Task An_operator_does_not_preview_other_attributes()
    {
        SignedIn.As(this, Roles.Operator);
        var panel = Render<EditPanel>(p => p.Add(e => e.Terminal, new TerminalRecord { Id = "T1", Number = 1, RegisteredAt = DateTimeOffset.UnixEpoch, FilePath = "/srv/t1.db", Queue = "{}" }));

        await panel.Find("form").SubmitAsync();

        Assert.Contains(ConsoleUser.AdministerReason, panel.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_does_not_count_what_would_be_read_again()
    {
        SignedIn.As(this, Roles.Viewer);
        var actions = Render<RereadActions>(p => p.Add(a => a.Targets, [new RereadTarget("T1", "sales", SyncDirection.Pull)]));

        Assert.All(actions.FindAll(".actions > button"), b => Assert.Contains(ConsoleUser.OperateReason, b.TextContent, StringComparison.Ordinal));
        await actions.InvokeAsync(() => actions.Instance.OpenAsync(isBack: false));
        actions.Render();

        Assert.Contains(ConsoleUser.OperateReason, actions.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_viewer_who_opens_a_rollback_is_told_the_reason_and_nothing_is_looked_up()
    {
        SignedIn.As(this, Roles.Viewer);
        Services.AddSingleton((JobDesk)RuntimeHelpers.GetUninitializedObject(typeof(JobDesk)));
        var page = Render<RollbackPage>(p => p.Add(r => r.Run, Guid.NewGuid()));

        Assert.Contains(ConsoleUser.OperateReason, page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _central.Dispose();
        base.Dispose(disposing);
    }
}
