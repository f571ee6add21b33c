import type { ColumnPlan } from '../plan.js';
import { cellText, LocalReference, realText, sameCell, type Cell } from './cell.js';
import { ExactDecimal } from './decimal.js';

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
