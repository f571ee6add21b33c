using System.Text.Json;
using Npgsql;
using PayFlow.Faults.Chain;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Faults.Engine;

/// <summary>This program again, as a process that is nothing but the engine: it takes one command per line and answers each with a line, so that it can be killed like any process.</summary>
internal sealed class EngineChild(Sabotage sabotage)
{
    public const string Verb = "engine-child";

    private readonly Dictionary<string, (TerminalSync Sync, EngineCommand Command, DeviceCredentials? Device)> _syncs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NpgsqlDataSource> _sources = new(StringComparer.Ordinal);
    private readonly ShiftedTime _time = new();
    private bool _isWatched;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var child = new EngineChild(arguments is [var name] ? Enum.Parse<Sabotage>(name) : Sabotage.None);
        while (await Console.In.ReadLineAsync() is { } line)
            Say(await child.DoAsync(JsonSerializer.Deserialize<EngineCommand>(line)!));
        return 0;
    }

    private async Task<EngineAnswer> DoAsync(EngineCommand command)
    {
        if (command.CloseOnly)
            await CloseAsync();
        if (command.CloseOnly)
            return new EngineAnswer();
        _isWatched = command.Watched;
        _time.Offset = TimeSpan.FromHours(command.ClockHours);
        try
        {
            var sync = await SyncAsync(command);
            var report = await sync.RunAsync(new SyncRequest { Direction = command.Direction, Tables = command.Tables, Bootstrap = command.Bootstrap });
            return new EngineAnswer { Run = ChainRun.Of(report) };
        }
        catch (SyncException e)
        {
            return new EngineAnswer { Error = e.Message, IsTransient = e.IsTransient, IsTranslated = true };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever the engine did not translate into words of its own is a finding; the parent shows it as it is.
            return new EngineAnswer { Error = e.ToString() };
        }
    }

    private async Task<TerminalSync> SyncAsync(EngineCommand command)
    {
        var device = command.Central is null ? DeviceFile.Read(command.Path) : null;
        if (_syncs.TryGetValue(command.Path, out var open) && device == open.Device
            && (open.Command.BusyMilliseconds, open.Command.Attempts, open.Command.LineMilliseconds) == (command.BusyMilliseconds, command.Attempts, command.LineMilliseconds))
            return open.Sync;
        if (open.Sync is not null)
            await open.Sync.DisposeAsync();
        var options = new SyncOptions
        {
            BatchSize = command.BatchSize,
            TransientAttempts = command.Attempts,
            TransientDelay = TimeSpan.FromMilliseconds(10),
            BusyTimeout = TimeSpan.FromMilliseconds(command.BusyMilliseconds),
            Retry = new RetryDelay { First = TimeSpan.Zero, Longest = TimeSpan.Zero, Attempts = 60 },
            Step = At,
            Sabotage = sabotage,
        };
        var sync = new TerminalSync(command.Path, device is null ? Central(command.Central!) : Central(device, command), options, _time);
        _syncs[command.Path] = (sync, command, device);
        return sync;
    }

    private PostgresCentral Central(string connectionString)
    {
        if (!_sources.TryGetValue(connectionString, out var source))
            _sources.Add(connectionString, source = PostgresSource.Create(connectionString));
        return new PostgresCentral(source) { Sabotage = sabotage };
    }

    private static HttpCentral Central(DeviceCredentials device, EngineCommand command) =>
        new(new HostLine(device.Host, device.Key) { Patience = TimeSpan.FromMilliseconds(command.LineMilliseconds) });

    // On the thread of the run, which goes no further until the parent says so.
    private void At(string step)
    {
        if (!_isWatched)
            return;
        Say(new EngineAnswer { Step = step });
        if (Console.In.ReadLine() is null)
            Environment.Exit(1);
    }

    private async Task CloseAsync()
    {
        foreach (var (sync, _, _) in _syncs.Values)
            await sync.DisposeAsync();
        _syncs.Clear();
        foreach (var source in _sources.Values)
            await source.DisposeAsync();
        _sources.Clear();
    }

    private static void Say(EngineAnswer answer)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}
