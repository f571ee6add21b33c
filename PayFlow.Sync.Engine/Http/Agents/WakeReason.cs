namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>Why an agent syncs before its interval is over.</summary>
[Flags]
internal enum WakeReason
{
    None = 0,

    /// <summary>The host says that there is something to fetch.</summary>
    Signal = 1,

    /// <summary>The till's queue has grown.</summary>
    Growth = 2,

    /// <summary>The host is there again, or the machine's network has changed.</summary>
    Line = 4,

    /// <summary>The POS program asks for it.</summary>
    Asked = 8,

    Any = Signal | Growth | Line | Asked,
}
