using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>Changes one's own password.</summary>
public sealed partial class ChangePassword
{
    private SyncException? _trouble;
    private bool _isDone;

    [Inject]
    internal OwnAccount Own { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "password")]
    private Form Typed { get; set; } = null!;

    protected override void OnInitialized() => Typed ??= new();

    private async Task ChangeAsync()
    {
        try
        {
            Typed.RequireSame();
            await Own.ChangePasswordAsync(Context.User, Typed.Current, Typed.Password, Context.RequestAborted);
            _isDone = true;
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
        Typed.Clear();
    }

    internal sealed class Form : PasswordForm
    {
        public string Current { get; set; } = string.Empty;

        public override void Clear()
        {
            base.Clear();
            Current = string.Empty;
        }
    }
}
