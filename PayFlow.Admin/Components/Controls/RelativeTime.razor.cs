using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Controls;

/// <summary>An instant as people say it, with the exact one and its offset where the pointer rests.</summary>
public sealed partial class RelativeTime
{
    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    internal ShownZone Zone { get; set; } = ShownZone.Utc;

    [Parameter, EditorRequired]
    public DateTimeOffset? At { get; set; }

    /// <summary>What to say when there is none.</summary>
    [Parameter]
    public string? Never { get; set; }
}
