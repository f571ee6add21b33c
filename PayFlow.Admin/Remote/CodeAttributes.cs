using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>Whether a till that is let in will have what the table map's filters ask of it: one that has not is refused at its first run, far from whoever made its code.</summary>
internal sealed class CodeAttributes(NpgsqlDataSource central)
{
    /// <param name="terminal">Whom the code lets in; null: a till that names itself.</param>
    /// <param name="given">What the code gives it; null leaves what a registered terminal has.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">Something is missing.</exception>
    public async Task RequireAsync(string? terminal, IReadOnlyDictionary<string, string>? given, CancellationToken cancellationToken)
    {
        var has = given ?? await KnownAsync(terminal, cancellationToken);
        var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        var missing = FilterAttributes.Missing(map, has, isElsewhere: true);
        if (missing.Count == 0)
            return;
        var what = string.Join("; ", missing.Select(m => $"{m.Attribute}, which the {(m.Tables.Count == 1 ? "filter" : "filters")} of {string.Join(", ", m.Tables)} {(m.Tables.Count == 1 ? "asks" : "ask")} for"));
        throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{terminal ?? "The till"} would have no {what}", $"Give it with the code: {string.Join(" ", missing.Select(m => $"--attribute {m.Attribute}=VALUE"))}") { Terminal = terminal };
    }

    private async Task<IReadOnlyDictionary<string, string>> KnownAsync(string? terminal, CancellationToken cancellationToken) =>
        (await new TerminalRegistry(central).ListAsync(cancellationToken)).FirstOrDefault(t => t.Id == terminal)?.Attributes ?? new Dictionary<string, string>();
}
