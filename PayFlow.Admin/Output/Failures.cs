using Microsoft.Data.Sqlite;
using Npgsql;
using PayFlow.Admin.Commands;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Output;

/// <summary>Shows an error as one line and a hint, and knows its exit code.</summary>
internal static class Failures
{
    public static int Show(Exception e, CommandOutput output, bool isVerbose)
    {
        var known = Translate(e);
        output.Note($"payflow: {known.Message}");
        var hint = known.Hint ?? (known.Code == SyncErrorCode.Unexpected && !isVerbose ? "This should not happen; --verbose shows where it comes from." : null);
        if (hint is not null)
            output.Note($"hint: {hint}");
        if (isVerbose)
            output.Note(e.ToString());
        output.Json(new { ok = false, error = new { code = known.Code.ToString(), message = known.Message, hint, terminal = known.Terminal, table = known.Table, key = known.Key } });
        return known.Code switch
        {
            SyncErrorCode.InvalidConfiguration => ExitCode.WrongUse,
            SyncErrorCode.NotPermitted => ExitCode.Refused,
            _ => ExitCode.Failed,
        };
    }

    /// <summary>What a user can read of any exception.</summary>
    public static SyncException Translate(Exception e) => e switch
    {
        SyncException known => known,
        SqliteException sqlite => TerminalConnection.Translate(sqlite, "the terminal's file"),
        NpgsqlException or TimeoutException => CentralFailure.Translate(e, "central"),
        IOException or UnauthorizedAccessException => new SyncException(SyncErrorCode.Unexpected, OneLine(e.Message), "Check that the path exists and may be written to.", e),
        AggregateException { InnerExceptions: [var only] } => Translate(only),
        InvalidOperationException { InnerException: { } inner } when IsOfCentral(inner) => Translate(inner),
        _ => new SyncException(SyncErrorCode.Unexpected, $"{OneLine(e.Message)} ({e.GetType().Name})", null, e),
    };

    /// <summary>Whether PostgreSQL, or the way to it, is the reason. The object mapper wraps what may pass in an InvalidOperationException.</summary>
    public static bool IsOfCentral(Exception e) => e is NpgsqlException or TimeoutException or InvalidOperationException { InnerException: NpgsqlException or TimeoutException };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
