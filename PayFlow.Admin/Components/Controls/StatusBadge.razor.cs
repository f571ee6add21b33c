using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Controls;

/// <summary>A status of a run, a row, a job, a terminal.</summary>
public sealed partial class StatusBadge
{
    private StatusLook _look = StatusLook.Of(null);

    /// <summary>The status as the databases spell it.</summary>
    [Parameter, EditorRequired]
    public string? Status { get; set; }

    /// <summary>Other words than the usual ones.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>More of it, shown when the pointer rests on it.</summary>
    [Parameter]
    public string? Hint { get; set; }

    protected override void OnParametersSet() => _look = StatusLook.Of(Status);
}
