using System.CommandLine;
using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary>One call of a verb: what the user asked for, and where to print.</summary>
internal sealed class Invocation(ParseResult parsed, CommonOptions options, CommandOutput output, Func<string, string?> environment, CancellationToken cancellationToken)
{
    public const string DefaultDataFolder = ".payflow";

    public CommandOutput Output => output;

    public Func<string, string?> Environment => environment;

    public CancellationToken Cancelled => cancellationToken;

    public TimeProvider Time { get; } = TimeProvider.System;

    public string? Central => parsed.GetValue(options.Central);

    public string? Terminal => Value(options.Terminal);

    public string? MapFile => Value(options.Map);

    public string DataFolder => Path.GetFullPath(Value(options.Data) ?? DefaultDataFolder);

    /// <summary>The till's file as it was named, by option or by environment.</summary>
    public string? SqliteFile => (parsed.CommandResult.Command.Options.Contains(options.Sqlite) ? Value(options.Sqlite) : null) ?? (environment(CommonOptions.SqliteVariable) is { } named && !string.IsNullOrWhiteSpace(named) ? named : null);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <exception cref="SyncException">No file was named.</exception>
    public string RequireSqliteFile() => SqliteFile
        ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, "No till was named", $"Give its SQLite file: --sqlite FILE, or {CommonOptions.SqliteVariable} in the environment.");

    /// <summary>The specification's settings of the environment, checked.</summary>
    public SyncSettings ReadSettings() => SyncSettings.Read(environment);

    /// <summary>Central, connected and ready to use; a private server is started for as long as it is held.</summary>
    public async Task<OpenedCentral> OpenCentralAsync() => await OpenedCentral.OpenAsync(Central, environment, DataFolder, output.IsJson ? null : output.Note, cancellationToken);

    private string? Value(Option<string?> option) => parsed.GetValue(option) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
