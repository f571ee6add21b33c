using System.Text.Json;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>A map entry's words for people.</summary>
internal static class EntryText
{
    /// <summary>As the map spells it: <c>server-wins</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>What a policy does, in words that name the sides.</summary>
    public static string Policy(ConflictPolicy policy) => policy switch
    {
        ConflictPolicy.ServerWins => "central wins",
        ConflictPolicy.LocalWins => "terminal wins",
        ConflictPolicy.LastWriterWins => "the later change wins",
        ConflictPolicy.Merge => "field by field",
        _ => "somebody decides",
    };

    /// <summary>Both sides' capture in one text.</summary>
    public static string Capture(TableMapEntry entry) => entry.TerminalCapture == entry.CentralCapture
        ? Word(entry.TerminalCapture)
        : $"terminal {Word(entry.TerminalCapture)}, central {Word(entry.CentralCapture)}";
}
