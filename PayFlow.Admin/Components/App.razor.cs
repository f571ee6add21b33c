using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace PayFlow.Admin.Components;

/// <summary>The document around every page. Pages are interactive but for those that set cookies, which only a plain request can.</summary>
public sealed partial class App
{
    private string _theme = ThemeMedia.System;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    private IComponentRenderMode? PageMode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;

    protected override void OnInitialized() => _theme = ThemeMedia.Read(Context.Request.Cookies[ThemeMedia.Cookie]);
}
