using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayFlow.Admin.Jobs;

/// <summary>How requests, progress and attempts are kept in <c>console.jobs</c>: what is as by default is left out, so that equal requests are equal texts.</summary>
internal static class JobJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new CellValueJson() },
    };

    private static readonly JsonSerializerOptions Results = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"An empty {typeof(T).Name} is kept in console.jobs.");

    /// <summary>What a job did, in the words that the command line prints with --json.</summary>
    public static string WriteResult(object result) => JsonSerializer.Serialize(result, Results);

    /// <summary>The same read back.</summary>
    public static T ReadResult<T>(string json) => JsonSerializer.Deserialize<T>(json, Results) ?? throw new JsonException($"An empty {typeof(T).Name} is kept in console.jobs.");

    /// <summary>A request without what columns of its own hold.</summary>
    public static string WriteRequest(JobRequest request) => Write(request with { Terminals = null, Origin = JobOrigin.Manual, At = null, Retry = new JobRetry() });
}
