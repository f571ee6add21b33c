namespace PayFlow.Admin.Jobs.Settings;

/// <summary>When a serving host syncs by itself (the specification's <c>SYNC_MODE</c>).</summary>
internal enum SyncMode
{
    /// <summary>Only when somebody asks for it.</summary>
    Manual,

    /// <summary>By <c>SYNC_CRON</c>.</summary>
    Cron,
}
