using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>Reads an instant from text, or from an integer since 1970 whose unit shows by its size.</summary>
internal static class EpochValue
{
    /// <summary>As seconds this is the year 5138, as milliseconds March 1973.</summary>
    private const long SmallestMilliseconds = 100_000_000_000;

    public static bool TryRead(in CellValue value, out IsoInstant instant)
    {
        instant = default;
        switch (value.Kind)
        {
            case CellKind.Text when IsoInstant.TryParse(value.AsText, out instant):
                return true;
            // A TEXT column makes text of an integer. Eight digits or fourteen are more likely 20240131 or 20240131235959.
            case CellKind.Text when value.AsText.Length is >= 9 and <= 13 && ExactDecimal.TryParseShort(value.AsText, out var digits, out var scale) && scale == 0:
                return TryFrom(digits, out instant);
            case CellKind.Integer:
                return TryFrom(value.AsInteger, out instant);
            case CellKind.Real when double.IsInteger(value.AsReal) && Math.Abs(value.AsReal) < 1e15:
                return TryFrom((long)value.AsReal, out instant);
            default:
                return false;
        }
    }

    private static bool TryFrom(long number, out IsoInstant instant)
    {
        instant = default;
        var isMilliseconds = Int128.Abs(number) >= SmallestMilliseconds;
        var microseconds = (Int128)number * (isMilliseconds ? 1_000 : 1_000_000) - IsoInstant.EpochMicroseconds;
        if (Int128.Abs(microseconds) > long.MaxValue - 1)
            return false;
        var days = (long)Int128.Abs(microseconds) / IsoInstant.MicrosecondsPerDay;
        if (microseconds < 0)
            days = -days - (microseconds % IsoInstant.MicrosecondsPerDay == 0 ? 0 : 1);
        instant = new IsoInstant { Days = days, TimeOfDay = (long)(microseconds - (Int128)days * IsoInstant.MicrosecondsPerDay), HasTime = true, HasZone = true, IsExact = true };
        return true;
    }
}
