using System.Globalization;
using PayFlow.Sync.Engine.Sessions;
using Spectre.Console;

namespace PayFlow.Admin.Output;

/// <summary>Progress on a terminal: one moving line for the table at hand.</summary>
internal sealed class ProgressBars(ProgressContext context, string terminal, TimeProvider time) : IProgress<SyncProgress>
{
    private readonly RateMeter _meter = new(time);
    private (string, string?) _shown;
    private ProgressTask? _task;

    public void Report(SyncProgress value)
    {
        var description = Markup.Escape(Describe(value, _meter.RowsPerSecond(value)));
        if (_task is null || _shown != (value.Phase, value.Table))
        {
            _task?.StopTask();
            _shown = (value.Phase, value.Table);
            _task = context.AddTask(description);
        }
        _task.Description = description;
        _task.IsIndeterminate = value.Total is null;
        _task.MaxValue = Math.Max(1, value.Total ?? 1);
        _task.Value = Math.Min(value.Rows, _task.MaxValue);
    }

    private string Describe(SyncProgress value, double rate)
    {
        var pace = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate:N0}/s") : string.Empty;
        var left = RateMeter.Left(value, rate) is { } remaining ? $", {Figures.Time(remaining)} left" : string.Empty;
        return $"{DirectionLabel.Of(terminal, value.Direction)}  {value.Phase} {value.Table ?? "changes"}  {Figures.Count(value.Rows)} rows{pace}{left}";
    }
}
