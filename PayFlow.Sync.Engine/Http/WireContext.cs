using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http;

/// <summary>Everything that travels between a remote terminal and the host, as JSON (docs/protocol.md). Made by the compiler, so that neither side looks at types at run time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    UseStringEnumConverter = true,
    Converters = [typeof(CellWire), typeof(RowChangeWire), typeof(DownloadedRowWire), typeof(ChecksumWire), typeof(LogPositionWire), typeof(SchemaWire)])]
[JsonSerializable(typeof(OpenRequest))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(SyncPlan))]
[JsonSerializable(typeof(TableSchema[]))]
[JsonSerializable(typeof(AdvanceRequest))]
[JsonSerializable(typeof(ChangeBatch))]
[JsonSerializable(typeof(UploadResult))]
[JsonSerializable(typeof(ResultAnswer))]
[JsonSerializable(typeof(ConflictingRow[]))]
[JsonSerializable(typeof(Decision[]))]
[JsonSerializable(typeof(DeliveredRequest))]
[JsonSerializable(typeof(PositionAnswer))]
[JsonSerializable(typeof(DownloadQuery))]
[JsonSerializable(typeof(DownloadAnswer))]
[JsonSerializable(typeof(CountRequest))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(RowsRequest))]
[JsonSerializable(typeof(RowsAnswer))]
[JsonSerializable(typeof(FetchRequest))]
[JsonSerializable(typeof(StampedRequest))]
[JsonSerializable(typeof(StampedPage))]
[JsonSerializable(typeof(ManualAction))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegisterAnswer))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(StandingAnswer))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DeviceCredentials))]
[JsonSerializable(typeof(AgentStatus))]
public sealed partial class WireContext : JsonSerializerContext
{
    /// <summary>The same with texts as they are instead of escaped: nothing of it is ever put into a page.</summary>
    public static WireContext Wire => Relaxed.Context;

    // A class of its own is made when it is first asked for, and so after what it is made of.
    private static class Relaxed
    {
        public static readonly WireContext Context = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
