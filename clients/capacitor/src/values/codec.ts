import type { ColumnPlan, InstantStyle } from '../plan.js';
import { bytesOfHex, cellText, hexOf, LocalReference, realText, sameCell, type Cell } from './cell.js';
import { ExactDecimal } from './decimal.js';
import { dateText, epochMicroseconds, microsecondsPerDay, parseInstant, parseTime, timestampText, timeText, type Microseconds } from './instant.js';

/** What a column makes of a value: the value, or why it cannot hold it. */
export type Stored = { value: Cell } | { refusal: string };

type Affinity = 'None' | 'Text' | 'Integer' | 'Real' | 'Numeric';

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(type: string): Affinity {
  const has = (...parts: string[]): boolean => parts.some(p => type.toUpperCase().includes(p));
  if (has('INT'))
    return 'Integer';
  if (has('CHAR', 'CLOB', 'TEXT'))
    return 'Text';
  if (has('BLOB') || type.trim() === '')
    return 'None';
  return has('REAL', 'FLOA', 'DOUB') ? 'Real' : 'Numeric';
}

/** How the values of one column are held by the till: the declared type's affinity, the spelling of instants that is there, and the meaning that central gives to the column. */
export class Codec {
  protected readonly affinity: Affinity;

  constructor(protected readonly plan: ColumnPlan) {
    this.affinity = affinityOf(plan.terminal.type);
  }

  static for(plan: ColumnPlan): Codec {
    switch (plan.central.logical) {
      case 'Boolean':
        return new BooleanCodec(plan);
      case 'Integer':
        return new IntegerCodec(plan);
      case 'Float':
        return new FloatCodec(plan);
      case 'Decimal':
        return new DecimalCodec(plan);
      case 'Date':
      case 'Timestamp':
      case 'TimestampTz':
        return new InstantCodec(plan);
      case 'Time':
        return new TimeCodec(plan);
      case 'Uuid':
        return new UuidCodec(plan);
      case 'Json':
        return new JsonCodec(plan);
      default:
        return new TextCodec(plan);
    }
  }

  /** Central's value as the column holds it. */
  toStored(neutral: Cell): Stored {
    // A blob is a blob in every column.
    return neutral === null || neutral instanceof Uint8Array ? { value: neutral } : this.store(neutral);
  }

  /** The stored value in the form in which it travels. */
  toNeutral(stored: Cell): Cell {
    return stored === null || stored instanceof LocalReference ? stored : this.neutralize(stored);
  }

  /** Whether two stored values mean the same. */
  same(a: Cell, b: Cell): boolean {
    if (sameCell(a, b))
      return true;
    return a !== null && b !== null && !(a instanceof LocalReference) && !(b instanceof LocalReference) && this.meansTheSame(a, b);
  }

  protected store(neutral: Cell): Stored {
    return this.storeText(cellText(neutral));
  }

  protected neutralize(stored: Cell): Cell {
    return stored;
  }

  protected meansTheSame(_a: Cell, _b: Cell): boolean {
    return false;
  }

  protected storeInteger(value: bigint): Stored {
    if (this.affinity === 'Text')
      return { value: value.toString() };
    if (this.affinity !== 'Real')
      return { value };
    return BigInt(Number(value)) === value ? { value: Number(value) } : this.refuseNumber(value.toString());
  }

  protected storeReal(value: number): Cell {
    if (this.affinity === 'Text')
      return realText(value);
    // As SQLite does it (sqlite3VdbeIntegerAffinity): whole numbers become integers, except at the very ends of 64 bits.
    const isWhole = (this.affinity === 'Integer' || this.affinity === 'Numeric') && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
    return isWhole ? BigInt(value) : value;
  }

  protected storeText(text: string): Stored {
    if (!this.isNumeric || !ExactDecimal.isNumber(text))
      return { value: text };
    const whole = ExactDecimal.parse(text)?.toInteger() ?? null;
    const value = whole === null ? this.storeReal(Number(text)) : this.affinity === 'Real' ? Number(whole) : whole;
    if (cellText(value) === text)
      return { value };
    return { refusal: `'${text}' is text, and SQLite makes the number ${cellText(value)} of it in a ${this.declared} column; declare it TEXT` };
  }

  protected refuseNumber(number: string): Stored {
    return { refusal: `${number} cannot be held exactly by a ${this.declared} column; declare it TEXT` };
  }

  protected get isNumeric(): boolean {
    return this.affinity === 'Integer' || this.affinity === 'Real' || this.affinity === 'Numeric';
  }

  private get declared(): string {
    return this.plan.terminal.type || 'typeless';
  }
}

function sameNumber(a: Cell, b: Cell): boolean {
  const [x, y] = [ExactDecimal.read(a), ExactDecimal.read(b)];
  return x !== null && y !== null && x.equals(y);
}

/** The words for true and false that PostgreSQL knows (https://www.postgresql.org/docs/current/datatype-boolean.html). */
function truthOf(value: Cell): boolean | null {
  if (typeof value === 'bigint' || typeof value === 'number')
    return value == 1 ? true : value == 0 ? false : null;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (['1', 't', 'true', 'y', 'yes', 'on'].includes(word))
    return true;
  return ['0', 'f', 'false', 'n', 'no', 'off'].includes(word) ? false : null;
}

class BooleanCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    const truth = truthOf(neutral);
    return truth === null ? this.storeText(cellText(neutral)) : this.storeInteger(truth ? 1n : 0n);
  }

  protected override neutralize(stored: Cell): Cell {
    const truth = truthOf(stored);
    return truth === null ? stored : truth ? 1n : 0n;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const truth = truthOf(a);
    return truth !== null && truth === truthOf(b);
  }
}

class IntegerCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    if (typeof neutral === 'bigint')
      return this.storeInteger(neutral);
    return typeof neutral === 'number' ? { value: this.storeReal(neutral) } : this.storeText(cellText(neutral));
  }

  // A whole number's text is the key of its row: 5.0 in a REAL column is 5.
  protected override neutralize(stored: Cell): Cell {
    return typeof stored === 'bigint' ? stored : ExactDecimal.read(stored)?.toInteger() ?? stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    return sameNumber(a, b);
  }
}

class FloatCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    if (typeof neutral === 'bigint')
      return this.storeInteger(neutral);
    if (typeof neutral !== 'number')
      return this.storeText(cellText(neutral));
    return { value: Number.isNaN(neutral) ? 'NaN' : this.storeReal(neutral) };
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const x = FloatCodec.read(a);
    return x !== null && x === FloatCodec.read(b);
  }

  private static read(cell: Cell): number | null {
    if (typeof cell === 'number')
      return cell;
    if (cell === 'Infinity' || cell === '-Infinity')
      return Number(cell);
    const exact = ExactDecimal.read(cell);
    if (exact === null)
      return null;
    // Only where the double says all that the text says.
    const number = Number(cellText(cell));
    return Number.isFinite(number) && ExactDecimal.read(number)!.equals(exact) ? number : null;
  }
}

class DecimalCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    if (typeof neutral === 'bigint')
      return this.storeInteger(neutral);
    if (typeof neutral === 'number')
      return { value: this.storeReal(neutral) };
    const text = cellText(neutral);
    const exact = this.isNumeric ? ExactDecimal.parse(text) : null;
    // NaN and infinity are no numbers to SQLite and stay text.
    return exact === null ? { value: text } : this.storeExact(exact, text);
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    return sameNumber(a, b);
  }

  private storeExact(exact: ExactDecimal, text: string): Stored {
    const whole = exact.toInteger();
    if (whole !== null)
      return this.storeInteger(whole);
    const nearest = Number(text);
    return Number.isFinite(nearest) && ExactDecimal.read(nearest)!.equals(exact) ? { value: this.storeReal(nearest) } : this.refuseNumber(text);
  }
}

class InstantCodec extends Codec {
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

class TimeCodec extends Codec {
  protected override neutralize(stored: Cell): Cell {
    const time = typeof stored === 'string' ? parseTime(stored) : null;
    return time === null ? stored : timeText(time);
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const time = typeof a === 'string' ? parseTime(a) : null;
    return time !== null && typeof b === 'string' && time === parseTime(b);
  }
}

class UuidCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    const uuid = /BLOB/i.test(this.plan.terminal.type) && this.affinity === 'None' ? uuidOf(neutral) : null;
    return uuid === null ? this.storeText(cellText(neutral)) : { value: bytesOfHex(uuid.replaceAll('-', '')) };
  }

  protected override neutralize(stored: Cell): Cell {
    return uuidOf(stored) ?? stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const uuid = uuidOf(a);
    return uuid !== null && uuid === uuidOf(b);
  }
}

// With or without hyphens, in braces, or as 16 bytes.
function uuidOf(value: Cell): string | null {
  let hex = '';
  if (value instanceof Uint8Array) {
    hex = value.length === 16 ? hexOf(value) : '';
  } else if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    const match = /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|([0-9a-f]{32}))$/.exec(text);
    hex = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').replaceAll('-', '');
  }
  return hex === '' ? null : [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

class JsonCodec extends Codec {
  protected override meansTheSame(a: Cell, b: Cell): boolean {
    // JSON.parse rounds longer numbers: unsure is different, and what is different is written.
    if (a instanceof Uint8Array || b instanceof Uint8Array || /\d{16}/.test(cellText(a) + ' ' + cellText(b)))
      return false;
    try {
      return canonical(JSON.parse(cellText(a))) === canonical(JSON.parse(cellText(b)));
    } catch (e) {
      if (e instanceof SyntaxError)
        return false;
      throw e;
    }
  }
}

// Objects have no order.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
}

class TextCodec extends Codec {
  private get isFixed(): boolean {
    return this.plan.central.logical === 'FixedText';
  }

  protected override neutralize(stored: Cell): Cell {
    return this.isFixed && typeof stored === 'string' ? stored.replace(/ +$/, '') : stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const meaning = (cell: Cell): string => (this.isFixed ? cellText(cell).replace(/ +$/, '') : cellText(cell));
    return !(a instanceof Uint8Array) && !(b instanceof Uint8Array) && meaning(a) === meaning(b);
  }
}
