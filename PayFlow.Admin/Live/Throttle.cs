namespace PayFlow.Admin.Live;

/// <summary>Lets work through at once and then at most once in a while: what is asked for meanwhile is done together at the end of it. Never two at a time.</summary>
/// <param name="every">The least time from one start to the next.</param>
/// <param name="work">What is done.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Hears what the work throws, which nobody awaits; the next asking is answered all the same.</param>
internal sealed class Throttle(TimeSpan every, Func<Task> work, TimeProvider time, Action<Exception> failed) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private bool _isAsked;
    private bool _isRunning;

    /// <summary>Asks for the work; returns at once.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_ended.IsCancellationRequested)
                return;
            _isAsked = true;
            if (_isRunning)
                return;
            _isRunning = true;
        }
        _ = RunAsync();
    }

    public void Dispose()
    {
        lock (_gate)
            _ended.Cancel();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isAsked || _ended.IsCancellationRequested)
                {
                    _isRunning = false;
                    return;
                }
                _isAsked = false;
            }
            try
            {
                await work();
            }
            catch (Exception e)
            {
                failed(e);
            }
            await Task.Delay(every, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
