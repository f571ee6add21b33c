namespace PayFlow.Sync.Engine.Terminals;

/// <summary>How far one table of a terminal has got.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="WaitingForBootstrap">Rows older than the capture that have not been compared with central.</param>
/// <param name="Load"><c>waiting</c>, <c>loading</c> or <c>done</c>: the first load from central; <see cref="NoLoad"/> where the table only travels up.</param>
/// <param name="Position">Up to where central's changes have been taken, <c>generation/transaction/entry</c>, or a timestamp; null where nothing comes down.</param>
public sealed record TableCheckpoint(string Table, long WaitingForBootstrap, string Load, string? Position)
{
    public const string NoLoad = "none";
}
