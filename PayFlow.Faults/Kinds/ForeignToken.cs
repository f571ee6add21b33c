using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Faults.Kinds;

/// <summary>A device that has got hold of what another till sends tries it with its own key, while the other one's run is under way: under the other's run, and under one of its own. It gets and changes nothing of the other one's.</summary>
internal sealed class ForeignToken(FaultScene scene) : LineFault(scene)
{
    private const int BadRequest = 400;
    private const int Forbidden = 403;
    private const int Conflict = 409;
    private const int Done = 200;

    private static readonly string[] Reading = ["download", "result", "fetch", "rows", "count", "position", "decisions"];

    private const string State = """
        SELECT concat_ws('|',
          (SELECT concat_ws(',', state, counter, nonce, lineage, last_run_id, last_status, queue, attributes) FROM payflow.terminals WHERE id = $1),
          (SELECT string_agg(concat_ws(',', id, status, records_count), ';' ORDER BY id) FROM payflow.sync_log WHERE terminal_id = $1),
          (SELECT string_agg(concat_ws(',', id, run_id, rows, result), ';' ORDER BY id) FROM payflow.batches WHERE terminal_id = $1),
          (SELECT string_agg(c::text, ';' ORDER BY c.id) FROM payflow.conflicts c WHERE terminal_id = $1),
          (SELECT string_agg(l::text, ';' ORDER BY l::text) FROM payflow.links l WHERE terminal_id = $1),
          (SELECT string_agg(concat_ws(',', id, revoked_at), ';' ORDER BY id) FROM console.devices WHERE terminal_id = $1))
        """;

    private EngineTill? _victim;

    public override Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        _victim = till;
        return base.StrikeAsync(till, request, random);
    }

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var intruder = (EngineTill)random.Pick([.. World.Tills.Where(t => t != _victim)]);
        var isOwnRun = random.Chance(60);
        var isBehind = random.Chance(30);
        Hit($"{exchange.Request.Name} under {(isOwnRun ? "a run of its own" : "the other's run")}");
        // The till waits meanwhile, with or without the host's answer on its way.
        var answer = isBehind ? await Line.SendAsync(exchange.Request) : null;
        var before = (await StateAsync(), World.SnapshotCentral().Rows);
        var device = DeviceFile.Read(intruder.File.Path)!;
        var stolen = exchange.Request.With("Authorization", $"{HostLine.Scheme} {device.Key}");
        if (isOwnRun && Reading.Append("upload").Contains(exchange.Request.Name))
            await TryUnderOwnRunAsync(intruder, device, stolen);
        else
            Require(await Line.SendAsync(stolen, isHarmed: true), exchange.Request.Name, Forbidden, Conflict);
        var after = (await StateAsync(), World.SnapshotCentral().Rows);
        if (before.Item1 != after.Item1)
            Find($"{exchange.Request.Name} of {intruder.Id} changed what central keeps of {_victim!.Id}: {before.Item1} is now {after.Item1}");
        if (before.Rows.Count != after.Rows.Count || before.Rows.Any(r => !after.Rows.TryGetValue(r.Key, out var row) || row != r.Value))
            Find($"{exchange.Request.Name} of {intruder.Id} changed rows");
        await exchange.AnswerAsync(answer ?? await Line.SendAsync(exchange.Request));
    }

    private async Task TryUnderOwnRunAsync(EngineTill intruder, DeviceCredentials device, HttpMessage stolen)
    {
        var run = Guid.NewGuid();
        await using var central = new HttpCentral(new HostLine(device.Host, device.Key));
        await central.OpenAsync(HelloOf(intruder, run), CancellationToken.None);
        stolen = stolen.With(HostLine.RunHeader, run.ToString());
        var answer = await Line.SendAsync(stolen, isHarmed: true);
        if (stolen.Name == "upload")
        {
            Require(answer, stolen.Name, BadRequest);
            await TakeBatchIdAsync(stolen, run);
            return;
        }
        Require(answer, stolen.Name, Done);
        var text = Text(answer);
        // A store's letter stands nowhere else as a value of its own.
        if (ChainWorld.StoreOf(_victim!) != ChainWorld.StoreOf(intruder) && text.Contains($"\"s{ChainWorld.StoreOf(_victim!)}\"", StringComparison.Ordinal) && stolen.Name != "fetch" && World.Shape.Tables.All(t => t.Name != "visits"))
            Find($"{stolen.Name} of {intruder.Id} shows rows of {_victim!.Id}'s store: {text}");
        if (stolen.Name == "result" && text != "{}")
            Find($"{intruder.Id} was told what became of a batch of {_victim!.Id}: {text}");
    }

    // The other one's batch comes into its own all the same, under another id if need be.
    private async Task TakeBatchIdAsync(HttpMessage stolen, Guid run)
    {
        Line.Expected.Add(BadRequest);
        var theirs = JsonSerializer.Deserialize(Text(stolen), WireContext.Wire.ChangeBatch)!;
        var empty = new ChangeBatch { Id = theirs.Id, RunId = run, Sections = [] }.Sealed();
        var body = JsonSerializer.SerializeToUtf8Bytes(empty, WireContext.Wire.ChangeBatch);
        var request = stolen.With("Content-Encoding", null).With(HostLine.DigestHeader, $"{HostLine.DigestAlgorithm}=:{Convert.ToBase64String(SHA256.HashData(body))}:").WithContent(body);
        Require(await Line.SendAsync(request, isHarmed: true), "upload under the other's batch id", Done, BadRequest);
    }

    private void Require(HttpMessage answer, string what, params int[] statuses)
    {
        if (!statuses.Contains(answer.Status))
            Find($"{what} with another till's key was answered {answer.Status}: {Text(answer)}");
    }

    private void Find(string text) => Scene.Findings.Add(new Finding(FindingKind.Lost, text));

    private static string Text(HttpMessage message)
    {
        using var content = new MemoryStream(message.Content);
        using Stream plain = message.Header("Content-Encoding") == "gzip" ? new GZipStream(content, CompressionMode.Decompress) : content;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private async Task<string> StateAsync()
    {
        await using var command = World.Source.CreateCommand(State);
        command.Parameters.Add(new() { Value = _victim!.Id });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static Hello HelloOf(EngineTill till, Guid run)
    {
        using var database = SqliteDatabase.Open(till.File.Path);
        return new Hello { Terminal = till.Id, RunId = run, Schema = new TerminalStore(database).ReadSchema(), SchemaVersion = "1" };
    }
}
