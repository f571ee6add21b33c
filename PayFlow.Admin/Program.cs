using System.Runtime.InteropServices;
using System.Text;
using PayFlow.Admin.Commands;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;

// The first Ctrl-C asks for an end at the next batch; a second one ends the process as usual.
using var stop = new CancellationTokenSource();
void Ask(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);

return await PayFlowCommandLine.RunAsync(args, Console.Out, Console.Error, Environment.GetEnvironmentVariable, stop.Token);
