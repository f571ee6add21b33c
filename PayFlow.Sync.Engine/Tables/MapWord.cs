using System.Text.Json;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>The words of the map for an enum: <c>ServerWins</c> is written <c>server-wins</c>.</summary>
internal static class MapWord<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Words = Enum.GetValues<T>().ToDictionary(Of, StringComparer.Ordinal);

    /// <summary>All words, as a message lists them.</summary>
    public static string Allowed => string.Join(", ", Words.Keys);

    public static string Of(T value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static T? Find(string word) => Words.TryGetValue(word, out var value) ? value : null;
}
