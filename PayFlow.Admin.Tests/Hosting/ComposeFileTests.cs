using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Settings;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace PayFlow.Admin.Tests.Hosting;

/// <summary>The compose file that is delivered, read as Compose reads it.</summary>
public sealed class ComposeFileTests
{
    private static readonly string[] Postgres = ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"];

    /// <summary>Read by the driver of PostgreSQL.</summary>
    private static readonly string[] Driver = ["PGPASSWORD"];

    [Fact]
    public async Task Every_variable_that_it_sets_is_one_that_the_program_reads_and_both_hosts_are_alike()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var host = await ConsoleHost.StartAsync(central);
        var known = (await host.Host.Services.GetRequiredService<SettingsReader>().ReadAsync(CancellationToken.None)).Select(r => r.Name).Concat(Driver).ToHashSet(StringComparer.Ordinal);
        var services = Map(Read()["services"]);

        Assert.Equal(["host-1", "host-2", "postgres"], services.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Map(Map(services["postgres"])["environment"]).Keys.Except(Postgres));
        var (one, two) = (Map(services["host-1"]), Map(services["host-2"]));
        Assert.Empty(Map(one["environment"]).Keys.Except(known));
        Assert.Equal(Map(one["environment"]), Map(two["environment"]));
        // Both see the tills' files at the same place, and listen at different ones.
        Assert.Equal((List<object>)one["volumes"], (List<object>)two["volumes"]);
        Assert.NotEqual((List<object>)one["ports"], (List<object>)two["ports"]);
    }

    private static Dictionary<string, object> Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docker-compose.yml")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        using var text = File.OpenText(Path.Combine(folder.FullName, "docker-compose.yml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
    }

    private static Dictionary<string, object> Map(object node) => ((Dictionary<object, object>)node).ToDictionary(p => (string)p.Key, p => p.Value, StringComparer.Ordinal);
}
