namespace PayFlow.Admin.Live;

/// <summary>What has changed, as the notifications of central name it.</summary>
[Flags]
internal enum LiveTopic
{
    None = 0,
    Runs = 1,
    Terminals = 2,
    Conflicts = 4,
    Jobs = 8,
    Schedules = 16,
    Map = 32,
    Users = 64,
    Audit = 128,
    Webhooks = 256,
    Deliveries = 512,
    All = 1023,
}
