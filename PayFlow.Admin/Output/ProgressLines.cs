using System.Globalization;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Output;

/// <summary>Progress where the screen does not move: a line now and then, the first after a second, so that a short run prints none.</summary>
internal sealed class ProgressLines(CommandOutput output, string terminal, TimeProvider time) : IProgress<SyncProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly RateMeter _meter = new(time);
    private long _last = time.GetTimestamp();

    public void Report(SyncProgress value)
    {
        var rate = _meter.RowsPerSecond(value);
        if (time.GetElapsedTime(_last) < Pause)
            return;
        _last = time.GetTimestamp();
        output.Note(Describe(value, rate));
    }

    private string Describe(SyncProgress value, double rate)
    {
        var of = value.Total is { } total ? $" of {Figures.Count(total)}" : string.Empty;
        var pace = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate:N0}/s") : string.Empty;
        var left = RateMeter.Left(value, rate) is { } time ? $", {Figures.Time(time)} left" : string.Empty;
        return $"{DirectionLabel.Of(terminal, value.Direction)}  {value.Phase} {value.Table ?? "changes"}: {Figures.Count(value.Rows)}{of} rows{pace}{left}";
    }
}
