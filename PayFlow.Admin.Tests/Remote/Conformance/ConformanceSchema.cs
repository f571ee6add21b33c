using System.Text.Json;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The tables that all cases share, and the queries by which whole databases are compared.</summary>
internal sealed record ConformanceSchema(IReadOnlyList<string> Central, IReadOnlyList<string> Till, JsonElement Map, IReadOnlyDictionary<string, IReadOnlyList<string>> Compare, string Clear)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private const string FileName = "schema.json";

    /// <summary>The names of all cases.</summary>
    public static IEnumerable<string> Cases => Directory.EnumerateFiles(ClientsFolder.Conformance, "*.json").Select(f => Path.GetFileName(f)!).Where(f => f != FileName).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public IReadOnlyList<TableMapEntry> Tables => TableMapJson.Parse(Map.GetRawText()).Tables;

    public static ConformanceSchema Read() => JsonSerializer.Deserialize<ConformanceSchema>(File.ReadAllBytes(Path.Combine(ClientsFolder.Conformance, FileName)), Options)!;

    /// <summary>The steps of a case.</summary>
    public static IReadOnlyList<ConformanceStep> ReadCase(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ClientsFolder.Conformance, name + ".json"))).RootElement.GetProperty("steps").Deserialize<List<ConformanceStep>>(Options)!;
}
