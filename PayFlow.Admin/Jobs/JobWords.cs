namespace PayFlow.Admin.Jobs;

/// <summary>The words of <c>console.jobs</c> and <c>console.schedules</c> for enums.</summary>
internal static class JobWords
{
    public static string Of(JobState state) => state.ToString().ToUpperInvariant();

    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Read<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);
}
