import type { InstantStyle } from '../plan.js';
import { cellText, type Cell } from './cell.js';
import { Codec, type Stored } from './codec.js';
import { ExactDecimal } from './decimal.js';
import { dateText, epochMicroseconds, microsecondsPerDay, parseInstant, parseTime, timestampText, timeText, type Microseconds } from './instant.js';

export class InstantCodec extends Codec {
  private static readonly largestSecond = 253_402_300_799n;

  private get isDate(): boolean {
    return this.plan.central.logical === 'Date';
  }

  private get hasZone(): boolean {
    return this.plan.central.logical === 'TimestampTz';
  }

  private get style(): InstantStyle {
    const known = this.plan.terminal.instantStyle;
    if (known !== 'Default')
      return known;
    if (this.affinity === 'Integer')
      return 'EpochMilliseconds';
    return this.isDate ? 'DateOnly' : this.hasZone ? 'IsoZulu' : 'IsoLocal';
  }

  private get isEpoch(): boolean {
    return this.style === 'EpochSeconds' || this.style === 'EpochMilliseconds';
  }

  protected override store(neutral: Cell): Stored {
    const instant = typeof neutral === 'string' ? this.read(neutral) : null;
    if (instant === null)
      return this.storeText(cellText(neutral));
    return this.isEpoch ? this.storeEpoch(cellText(neutral), instant) : { value: this.spell(instant) };
  }

  protected override neutralize(stored: Cell): Cell {
    const instant = this.read(stored);
    if (instant === null)
      return stored;
    if (!this.isDate)
      return timestampText(instant, this.hasZone);
    return isDay(instant) ? dateText(instant) : stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const x = this.read(a);
    return x !== null && x === this.read(b);
  }

  private spell(instant: Microseconds): string {
    if (this.style === 'IsoZulu' || this.style === 'IsoLocal')
      return timestampText(instant, this.style === 'IsoZulu');
    return this.style === 'DateOnly' && isDay(instant) ? dateText(instant) : timestampText(instant, false, ' ');
  }

  private storeEpoch(text: string, instant: Microseconds): Stored {
    const isSeconds = this.style === 'EpochSeconds';
    const unit = isSeconds ? 1_000_000n : 1_000n;
    const since1970 = typeof instant === 'bigint' ? instant + epochMicroseconds : null;
    const count = since1970 !== null && since1970 % unit === 0n ? since1970 / unit : null;
    if (count === null || (isSeconds && (count > InstantCodec.largestSecond || count < -InstantCodec.largestSecond)))
      return { refusal: `'${text}' cannot be held exactly by a column of ${isSeconds ? 'seconds' : 'milliseconds'} since 1970` };
    return this.storeInteger(count);
  }

  private read(value: Cell): Microseconds | null {
    const number = this.isEpoch ? ExactDecimal.read(value) : null;
    if (number !== null) {
      const count = number.toInteger();
      if (count === null)
        return null;
      const isSeconds = this.style === 'EpochSeconds' && count <= InstantCodec.largestSecond && count >= -InstantCodec.largestSecond;
      return count * (isSeconds ? 1_000_000n : 1_000n) - epochMicroseconds;
    }
    const parsed = typeof value === 'string' ? parseInstant(value) : null;
    if (parsed === null || !parsed.isExact)
      return null;
    // A date is the one that is written, wherever its midnight is.
    return this.isDate ? parsed.local : parsed.microseconds;
  }
}

function isDay(instant: Microseconds): boolean {
  return typeof instant === 'string' || instant % microsecondsPerDay === 0n;
}

export class TimeCodec extends Codec {
  protected override neutralize(stored: Cell): Cell {
    const time = typeof stored === 'string' ? parseTime(stored) : null;
    return time === null ? stored : timeText(time);
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const time = typeof a === 'string' ? parseTime(a) : null;
    return time !== null && typeof b === 'string' && time === parseTime(b);
  }
}
