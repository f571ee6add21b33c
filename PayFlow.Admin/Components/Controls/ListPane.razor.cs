using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Controls;

/// <summary>A table of rows with everything around it; which page, filter and order it shows is the address's matter.</summary>
public sealed partial class ListPane<TItem>
{
    /// <summary>What the list is of, for people who hear the page: "Runs".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = string.Empty;

    [Parameter, EditorRequired]
    public LoadState State { get; set; }

    [Parameter, EditorRequired]
    public Page<TItem> Items { get; set; } = new Page<TItem>([], 0);

    /// <summary>What tells a row from every other.</summary>
    [Parameter, EditorRequired]
    public Func<TItem, object> Key { get; set; } = static item => item!;

    /// <summary>The <c>th</c> elements.</summary>
    [Parameter, EditorRequired]
    public RenderFragment? Header { get; set; }

    /// <summary>The <c>td</c> elements of a row; each names its column in <c>data-label</c>, which a narrow screen shows.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<TItem> Row { get; set; } = static _ => static _ => { };

    /// <summary>What to say when there has never been anything.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    [Parameter]
    public SyncException? Failure { get; set; }

    [Parameter]
    public DateTimeOffset? AsOf { get; set; }

    [Parameter]
    public bool IsFiltered { get; set; }

    /// <summary>The list without its filter.</summary>
    [Parameter]
    public string ClearUrl { get; set; } = "?";

    [Parameter]
    public int PageNumber { get; set; } = 1;

    [Parameter]
    public int PageSize { get; set; } = PageRequest.StandardSize;

    /// <summary>The address of a page of this list.</summary>
    [Parameter]
    public Func<int, string> PageUrl { get; set; } = static _ => "?";

    /// <summary>Rows that have come since and are not shown yet, so that nothing moves under the pointer.</summary>
    [Parameter]
    public long NewItems { get; set; }

    [Parameter]
    public EventCallback ShowNew { get; set; }

    [Parameter]
    public EventCallback Retry { get; set; }

    private string AsOfText => AsOf?.UtcDateTime.ToString("HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture) ?? "a while ago";
}
