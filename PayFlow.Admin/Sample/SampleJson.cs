using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayFlow.Admin.Sample;

/// <summary>JSON as the sample's columns hold it: names such as Zoë as they are.</summary>
internal static class SampleJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
