using System.Diagnostics;
using System.Globalization;

namespace PayFlow.Admin.Hosting;

/// <summary>Runs one program to its end, as another user if need be.</summary>
internal static class ChildProcess
{
    /// <summary>What a server started by the program may keep open is not waited for longer than this.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    /// <remarks>
    /// Only root may name a <paramref name="user"/>; null is ourselves. <paramref name="workingFolder"/> must be a folder that the user can enter:
    /// PostgreSQL's programs refuse to start in one that they cannot.
    /// </remarks>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<ChildResult> RunAsync(
        string program, IEnumerable<string> arguments, string? user, string workingFolder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, user, workingFolder) };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            return new ChildResult(-1, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(program)} did not end within {timeout.TotalSeconds:0} s"));
        }

        var printed = Task.WhenAll(output, errors);
        await Task.WhenAny(printed, Task.Delay(OutputGrace, cancellationToken));
        return new ChildResult(process.ExitCode, printed.IsCompletedSuccessfully ? string.Join('\n', printed.Result).Trim() : "");
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, string? user, string workingFolder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (user is not null)
            start.UserName = user;

        // PGDATA, PGPORT and their like belong to the administrator's own servers. LC_ALL keeps messages in the language that we read.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
