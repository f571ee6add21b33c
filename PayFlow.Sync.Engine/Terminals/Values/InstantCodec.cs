using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A date or a timestamp, in the spelling that the column's values have already.</summary>
internal sealed class InstantCodec : TerminalCodec
{
    /// <summary>23:59:59 of 9999-12-31, much used for "never ends". Beyond it, an integer in a column of seconds can only be milliseconds.</summary>
    private const long LargestSecond = 253_402_300_799;

    private readonly bool _isDate;
    private readonly bool _hasZone;
    private readonly InstantStyle _style;

    public InstantCodec(ColumnPlan plan)
        : base(plan)
    {
        _isDate = plan.Central.Logical == LogicalType.Date;
        _hasZone = plan.Central.Logical == LogicalType.TimestampTz;
        _style = plan.Terminal.InstantStyle switch
        {
            InstantStyle.Default when Affinity == ColumnAffinity.Integer => InstantStyle.EpochMilliseconds,
            InstantStyle.Default when _isDate => InstantStyle.DateOnly,
            InstantStyle.Default => _hasZone ? InstantStyle.IsoZulu : InstantStyle.IsoLocal,
            var known => known,
        };
    }

    private bool IsEpoch => _style is InstantStyle.EpochSeconds or InstantStyle.EpochMilliseconds;

    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        if (neutral.Kind != CellKind.Text || !TryRead(neutral, out var instant))
            return TryStoreText(neutral.ToString(), out stored, out refusal);
        if (IsEpoch)
            return TryStoreEpoch(neutral.AsText, instant, out stored, out refusal);
        stored = CellValue.Of(Spell(instant));
        refusal = null;
        return true;
    }

    protected override CellValue Neutralize(in CellValue stored)
    {
        if (!TryRead(stored, out var instant))
            return stored;
        if (!_isDate)
            return CellValue.Of(IsoText.Timestamp(instant, _hasZone));
        return TryDay(instant, out var day) ? CellValue.Of(IsoText.Date(day)) : stored;
    }

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => TryRead(a, out var x) && TryRead(b, out var y) && x == y;

    private static bool TryDay(long instant, out int day)
    {
        day = instant switch
        {
            long.MaxValue => int.MaxValue,
            long.MinValue => int.MinValue,
            _ => (int)(instant / IsoInstant.MicrosecondsPerDay),
        };
        return instant is long.MaxValue or long.MinValue || instant % IsoInstant.MicrosecondsPerDay == 0;
    }

    private string Spell(long instant) => _style switch
    {
        InstantStyle.IsoZulu => IsoText.Timestamp(instant, zulu: true),
        InstantStyle.IsoLocal => IsoText.Timestamp(instant, zulu: false),
        InstantStyle.DateOnly when TryDay(instant, out var day) => IsoText.Date(day),
        _ => IsoText.Timestamp(instant, zulu: false, separator: ' '),
    };

    private bool TryStoreEpoch(string text, long instant, out CellValue stored, out string? refusal)
    {
        var isSeconds = _style == InstantStyle.EpochSeconds;
        var unit = isSeconds ? 1_000_000 : 1_000;
        var since1970 = (Int128)instant + IsoInstant.EpochMicroseconds;
        stored = default;
        refusal = $"'{text}' cannot be held exactly by a column of {(isSeconds ? "seconds" : "milliseconds")} since 1970";
        if (instant is long.MaxValue or long.MinValue || since1970 % unit != 0)
            return false;
        var count = (long)(since1970 / unit);
        return (!isSeconds || Math.Abs(count) <= LargestSecond) && TryStoreInteger(count, out stored, out refusal);
    }

    /// <summary>Microseconds since 2000-01-01 UTC, when the value says so to the microsecond.</summary>
    private bool TryRead(in CellValue value, out long instant)
    {
        instant = 0;
        if (IsEpoch && ExactDecimal.TryRead(value, out var number))
            return number.TryToInt64(out var count) && TryFromEpoch(count, out instant);
        if (value.Kind != CellKind.Text || !IsoInstant.TryParse(value.AsText, out var parsed) || !parsed.IsExact)
            return false;
        // A date is the one that is written, wherever its midnight is.
        return (_isDate ? parsed with { OffsetSeconds = 0 } : parsed).TryGetMicroseconds(out instant);
    }

    private bool TryFromEpoch(long count, out long instant)
    {
        var isSeconds = _style == InstantStyle.EpochSeconds && Int128.Abs(count) <= LargestSecond;
        var microseconds = (Int128)count * (isSeconds ? 1_000_000 : 1_000) - IsoInstant.EpochMicroseconds;
        instant = (long)microseconds;
        return Int128.Abs(microseconds) < long.MaxValue;
    }
}
