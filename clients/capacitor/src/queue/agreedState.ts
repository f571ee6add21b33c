import { RowRefused } from '../file/database.js';
import type { RowApplier } from '../apply/rowApplier.js';
import type { Cell } from '../values/cell.js';

/**
 * What both sides agree on of a row whose answer has arrived, and the till's row brought in line with it. What the app changed after the row was sent stays on top: a value of its own replaces central's, a
 * change of an additive column is added to it.
 */
export class AgreedState {
  /** The agreed values as the till holds them; what was sent, until `takeOver` says more. */
  readonly values: Cell[];

  constructor(private readonly applier: RowApplier, private readonly key: string, private readonly sent: readonly Cell[]) {
    this.values = [...sent];
  }

  /** Puts central's values under what the app has changed since. `open` are columns that are not agreed on. */
  async takeOver(central: readonly Cell[], open?: readonly boolean[]): Promise<void> {
    const current = await this.applier.rows.findByKey(this.key);
    const cells: [number, Cell][] = [];
    for (let i = 0; i < this.sent.length; i++) {
      const stored = open?.[i] === true ? undefined : await this.applier.tryToStored(i, central[i]!);
      if (stored === undefined)
        continue;
      const raised = current === null || !this.applier.rows.writable.includes(i) || this.applier.same(i, stored, this.sent[i]!) ? undefined : this.raise(i, current[i]!, stored);
      if (raised !== undefined)
        cells.push([i, raised]);
      else if (current === null || !this.applier.rows.writable.includes(i) || this.applier.same(i, stored, this.sent[i]!) || !this.applier.isAdditive(i))
        this.values[i] = stored;
    }
    if (cells.length > 0 && (await this.tryWrite(cells))) {
      for (const [i] of cells)
        this.values[i] = (await this.applier.tryToStored(i, central[i]!)) ?? this.values[i]!;
    }
  }

  // The value that the till's row is to have; undefined where it keeps its own.
  private raise(column: number, current: Cell, stored: Cell): Cell | undefined {
    const sum = this.applier.isAdditive(column) ? this.applier.tryAdd(column, current, stored, this.sent[column]!) : undefined;
    return sum ?? (this.applier.same(column, current, this.sent[column]!) ? stored : undefined);
  }

  private async tryWrite(cells: readonly [number, Cell][]): Promise<boolean> {
    const current = await this.applier.rows.findByKey(this.key);
    if (current === null)
      return true;
    try {
      await this.applier.rows.write(this.key, current, cells);
      return true;
    } catch (e) {
      // The till's own constraints do not allow central's values beside what was changed here meanwhile: as where a column cannot hold one.
      if (e instanceof RowRefused)
        return false;
      throw e;
    }
  }
}
