using System.Diagnostics;
using System.Text.Json;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Engine;

/// <summary>The engine's process as its parent sees it: commands go in, answers come out, and it dies when it is told to, without a chance to tidy up.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process _process;

    public EngineProcess(Sabotage sabotage) => _process = ChildProcessStart.Run(EngineChild.Verb, sabotage == Sabotage.None ? [] : [sabotage.ToString()]);

    public int Id => _process.Id;

    /// <summary>Runs that came to their end here.</summary>
    public int Answers { get; private set; }

    public void Send(EngineCommand command) => WriteLine(JsonSerializer.Serialize(command));

    /// <summary>Lets a run that stands at a step go on.</summary>
    public void GoOn() => WriteLine("go");

    /// <returns>Null when the process died before it answered.</returns>
    public async Task<EngineAnswer?> ReadAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is not { } line)
            return null;
        var answer = JsonSerializer.Deserialize<EngineAnswer>(line)!;
        if (answer.Step is null)
            Answers++;
        return answer;
    }

    /// <summary>kill -9, and waits until nothing is left of it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }
}
