namespace PayFlow.Faults.Programs;

/// <summary>This program again, as a process that uses a till's file beside the engine's: works from one line to the next, and says in lines what it has done.</summary>
internal static class ProgramChild
{
    public const string Verb = "program-child";

    /// <summary>Begins a line that is no number.</summary>
    public const char Trouble = '!';

    public const string Paused = "paused";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (name, path) = (arguments[0], arguments[1]);
        Func<string, string?> work = name == PosProgram.Name ? PosProgram.Work : StatusProgram.Work;
        while (await Console.In.ReadLineAsync() is not null)
        {
            var pause = Console.In.ReadLineAsync();
            while (!pause.IsCompleted)
            {
                Say(work, path);
                await Task.WhenAny(pause, Task.Delay(2));
            }
            if (await pause is null)
                return 0;
            Console.Out.WriteLine(Paused);
            Console.Out.Flush();
        }
        return 0;
    }

    private static void Say(Func<string, string?> work, string path)
    {
        string? said;
        try
        {
            said = work(path);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nothing but a lock may keep it from its work: the parent makes a finding of it.
            said = Trouble + e.ToString().ReplaceLineEndings(" ");
        }
        if (said is null)
            return;
        Console.Out.WriteLine(said);
        Console.Out.Flush();
    }
}
