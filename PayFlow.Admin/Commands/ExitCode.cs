namespace PayFlow.Admin.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>A wrong option, map or setting; nothing was changed.</summary>
    public const int WrongUse = 2;

    /// <summary>Compared, and the two sides differ.</summary>
    public const int Different = 3;

    /// <summary>Done, but conflicts or failed rows are left.</summary>
    public const int RowsLeft = 4;

    /// <summary>The host does not, or no longer, take whoever asks: to ask again changes nothing.</summary>
    public const int Refused = 5;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
