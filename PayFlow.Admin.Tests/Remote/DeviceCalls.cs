using System.Security.Cryptography;
using System.Text;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A device's requests made by hand.</summary>
internal static class DeviceCalls
{
    public static HttpClient Client(RemoteChain remote, string key)
    {
        var client = remote.Way.Host.Browser();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"{HostLine.Scheme} {key}");
        client.DefaultRequestHeaders.Add(HostLine.ProtocolHeader, HostLine.Protocol);
        return client;
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>The same with its digest, without which no batch is taken.</summary>
    public static HttpContent Digested(string body) => Digested(Encoding.UTF8.GetBytes(body));

    /// <inheritdoc cref="Digested(string)"/>
    public static HttpContent Digested(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.Add(HostLine.DigestHeader, $"{HostLine.DigestAlgorithm}=:{Convert.ToBase64String(SHA256.HashData(body))}:");
        return content;
    }

    /// <summary>Begins a run of a till with the tables of <see cref="Shop"/>, or with others.</summary>
    public static async Task<SyncPlan> OpenAsync(RemoteChain remote, DeviceCredentials device, Guid run, string schema = Shop.Local)
    {
        using var file = new Fixtures.TerminalFile(schema);
        using var database = Sync.Engine.Terminals.SqliteDatabase.Open(file.Path);
        await using var central = new HttpCentral(remote.Line(device));
        return (await central.OpenAsync(new Hello { Terminal = device.Terminal!, RunId = run, Schema = new Sync.Engine.Terminals.TerminalStore(database).ReadSchema(), SchemaVersion = "1" }, CancellationToken.None)).Plan;
    }

    /// <summary>What the host keeps of terminals and runs, as one text.</summary>
    public static async Task<string?> StateAsync(RemoteChain remote) => await remote.Chain.Database.ScalarAsync<string>("""
        SELECT concat_ws('|', (SELECT string_agg(concat_ws(',', id, counter, nonce, last_run_id, last_status, queue), ';' ORDER BY id) FROM payflow.terminals), (SELECT count(*) FROM payflow.batches), (SELECT count(*) FROM payflow.audit WHERE action LIKE 'queue%'),
          (SELECT string_agg(id || status, ';' ORDER BY id) FROM payflow.sync_log))
        """);
}
