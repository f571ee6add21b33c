import { cellText, type Cell } from './cell.js';
import { Codec, type Stored } from './codec.js';
import { ExactDecimal } from './decimal.js';

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

export class BooleanCodec extends Codec {
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

export class IntegerCodec extends Codec {
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

export class FloatCodec extends Codec {
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

export class DecimalCodec extends Codec {
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
