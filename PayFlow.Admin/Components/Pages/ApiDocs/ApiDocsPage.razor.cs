using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Api;

namespace PayFlow.Admin.Components.Pages.ApiDocs;

/// <summary>Shows the OpenAPI document, with nothing from elsewhere.</summary>
public sealed partial class ApiDocsPage
{
    private ApiDocument? _document;

    [Inject]
    internal ApiDocumentReader Reader { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    private string Base => Navigation.BaseUri.TrimEnd('/');

    protected override async Task OnInitializedAsync() => _document = await Reader.ReadAsync(CancellationToken.None);
}
