using PayFlow.Screenshots;
using PayFlow.Sync.Engine;

try
{
    if (args is ["--help" or "-h", ..])
    {
        Console.WriteLine(ShotOptions.Usage);
        return 0;
    }
    await new Photographer(ShotOptions.Parse(args), line => Console.Error.WriteLine(line)).RunAsync();
    return 0;
}
catch (SyncException e)
{
    await Console.Error.WriteLineAsync(e.Hint is null ? e.Message : $"{e.Message}\n{e.Hint}");
    return 1;
}
