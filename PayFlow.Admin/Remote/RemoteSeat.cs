using System.Security.Cryptography;
using System.Text.Json;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>
/// What this host keeps of one remote terminal between its requests: which run it has opened here, and the plan. No connection and no lock: those are taken for the length of a request.
/// Only whoever has entered it may touch it.
/// </summary>
internal sealed class RemoteSeat(string terminal, PostgresCentral central) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private DatabaseSchema? _schema;
    private string? _schemaVersion;
    private volatile SyncPlan? _plan;
    private string _planId = string.Empty;

    public PostgresCentral Central => central;

    /// <summary>What the terminal syncs, as its last run here had it; may be read by anybody.</summary>
    public SyncPlan? Plan => _plan;

    /// <summary>The run that was opened here last; null when it was closed.</summary>
    public Guid? Run { get; set; }

    /// <summary>How often the terminal said that it syncs by itself; null until this host has heard it.</summary>
    public int? IntervalSeconds { get; set; }

    public DateTimeOffset UsedAt { get; set; }

    /// <summary>It was given up: whoever still waits for it takes another one.</summary>
    public bool IsGone { get; set; }

    public Task<bool> EnterAsync(TimeSpan patience, CancellationToken cancellationToken) => _gate.WaitAsync(patience, cancellationToken);

    public void Leave() => _gate.Release();

    public async Task<OpenAnswer> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        if (request.Schema is not null)
            (_schema, _schemaVersion) = (request.Schema, request.SchemaVersion);
        if (_schema is null || _schemaVersion != request.SchemaVersion)
            return new OpenAnswer { SchemaNeeded = true };
        var welcome = await BeginAsync(request, _schema, cancellationToken);
        Run = request.RunId;
        if (!ReferenceEquals(_plan, welcome.Plan))
            (_plan, _planId) = (welcome.Plan, Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(welcome.Plan, WireContext.Wire.SyncPlan)).AsSpan(0, 16)));
        return new OpenAnswer
        {
            CentralId = welcome.CentralId,
            Number = welcome.Number,
            PlanId = _planId,
            Plan = request.KnownPlan == _planId ? null : welcome.Plan,
            Counter = welcome.Counter,
            Nonce = welcome.Nonce,
            Lineage = welcome.Lineage,
            Fingerprint = welcome.Fingerprint,
            LastSeenAt = welcome.LastSeenAt,
            Position = welcome.Position,
            Attributes = welcome.Attributes,
        };
    }

    // The run that was open here is over as soon as another one was begun, whatever becomes of that; not when none was: a late copy of an earlier beginning ends nothing.
    private async Task<Welcome> BeginAsync(OpenRequest request, DatabaseSchema schema, CancellationToken cancellationToken)
    {
        try
        {
            return await central.OpenAsync(new Hello
            {
                Terminal = terminal,
                RunId = request.RunId,
                SyncType = request.SyncType,
                Direction = request.Direction,
                Schema = schema,
                SchemaVersion = request.SchemaVersion,
                Fingerprint = request.Fingerprint,
            }, cancellationToken);
        }
        finally
        {
            if (central.Run != Run)
                Run = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await central.DisposeAsync();
        _gate.Dispose();
    }
}
