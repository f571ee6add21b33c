using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>Starts a host, and says where it is to be found.</summary>
internal static class HostStart
{
    /// <exception cref="SyncException">It cannot listen there.</exception>
    public static async Task RunAsync(WebApplication host, IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new SyncException(SyncErrorCode.Unexpected, $"The host cannot listen on {string.Join(" and ", urls)}: {e.Message.ReplaceLineEndings(" ")}", "Choose another port: --urls http://127.0.0.1:5081", e);
        }
    }

    /// <summary>The first of its addresses, as a browser on this machine writes it: "http://[::]:5080" and "http://0.0.0.0:5080" say where to listen, not where to go.</summary>
    public static string Address(WebApplication host)
    {
        var address = new UriBuilder(host.Urls.First().Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal));
        return $"{address.Scheme}://{(address.Host is "0.0.0.0" or "[::]" ? "localhost" : address.Host)}:{address.Port}";
    }
}
