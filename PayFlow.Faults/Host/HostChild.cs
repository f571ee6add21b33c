using System.Text.Json;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Host;

/// <summary>This program again, as a process that is nothing but a host for remote tills: it takes one command per line and answers each with a line, so that it can be killed like any process.</summary>
internal static class HostChild
{
    public const string Verb = "host-child";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var sabotage = arguments is [var name] ? Enum.Parse<Sabotage>(name) : Sabotage.None;
        RemoteHost? host = null;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (host is not null)
                await host.DisposeAsync();
            host = JsonSerializer.Deserialize<HostCommand>(line)!.Central is { } central ? await RemoteHost.StartAsync(central, sabotage) : null;
            Console.Out.WriteLine(JsonSerializer.Serialize(new HostAnswer(host?.Address)));
            Console.Out.Flush();
        }
        return 0;
    }
}
