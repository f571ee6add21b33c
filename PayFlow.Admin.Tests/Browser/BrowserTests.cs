using Xunit;

namespace PayFlow.Admin.Tests.Browser;

/// <summary>Tests that share one browser, and so run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
