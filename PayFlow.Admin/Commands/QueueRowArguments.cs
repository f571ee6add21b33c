using System.CommandLine;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary><c>TABLE KEY</c>, or <c>TABLE/KEY</c> in one word, as lists and messages name a row.</summary>
internal sealed class QueueRowArguments
{
    private readonly Argument<string?> _table = new("TABLE") { Description = "The till's table; or TABLE/KEY in one word.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _key = new("KEY") { Description = "The row's key in the till.", Arity = ArgumentArity.ZeroOrOne };

    public void AddTo(Command verb)
    {
        verb.Arguments.Add(_table);
        verb.Arguments.Add(_key);
    }

    /// <summary>What was named of a row; null where nothing was.</summary>
    public (string? Table, string? Key) Read(Invocation call)
    {
        var (table, key) = (call.Get(_table), call.Get(_key));
        return key is null && table?.IndexOf('/', StringComparison.Ordinal) is > 0 and var at && at < table.Length - 1
            ? (table[..at], table[(at + 1)..])
            : (table, key);
    }

    /// <exception cref="SyncException">No row was named.</exception>
    public (string Table, string Key) Require(Invocation call) =>
        Read(call) is ({ } table, { } key)
            ? (table, key)
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, "No row was named", "Give TABLE KEY, or TABLE/KEY as payflow queue list shows it.");
}
