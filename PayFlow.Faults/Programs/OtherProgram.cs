using System.Diagnostics;
using System.Globalization;
using PayFlow.Faults.Engine;

namespace PayFlow.Faults.Programs;

/// <summary>A program beside the engine on one till's file, as the parent sees it.</summary>
internal sealed class OtherProgram(string kind, string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Process? _process;
    private Task<bool> _reading = Task.FromResult(false);

    public static IReadOnlyList<string> Kinds { get; } = [PosProgram.Name, StatusProgram.Name];

    /// <summary>Numbers of rows that it was told are committed.</summary>
    public List<long> Committed { get; } = [];

    /// <summary>What it stumbled over.</summary>
    public List<string> Troubles { get; } = [];

    public void Resume()
    {
        _process ??= ChildProcessStart.Run(ProgramChild.Verb, kind, path);
        WriteLine("work");
        _reading = ReadAsync(_process);
    }

    public async Task PauseAsync()
    {
        if (_process is null)
            return;
        WriteLine("pause");
        if (!await _reading.WaitAsync(Patience))
            Troubles.Add($"{kind} ended by itself");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        await _reading;
        process.Dispose();
    }

    public Task EndAsync() => KillAsync();

    // False when the process ended first.
    private async Task<bool> ReadAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == ProgramChild.Paused)
                return true;
            if (line[0] == ProgramChild.Trouble)
                Troubles.Add(line);
            // A line that a kill cut off says nothing.
            else if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                Committed.Add(id);
        }
        return false;
    }

    private void WriteLine(string line)
    {
        _process!.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }
}
