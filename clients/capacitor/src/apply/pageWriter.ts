import { RowRefused, type Database } from '../file/database.js';
import { raw } from '../file/sql.js';
import { comesDown, isLinked, type SyncPlan, type TablePlan } from '../plan.js';
import type { Cell } from '../values/cell.js';
import type { ForeignKeys } from './foreignKeys.js';
import type { Journal } from './journal.js';
import type { ApplyOutcome, RowApplier } from './rowApplier.js';

/** One row of a page that came down: central's key, and the plan's columns; null when it is gone. */
export interface IncomingRow {
  table: TablePlan;
  key: string;
  values: readonly Cell[] | null;
}

/** What became of one table's rows. */
export type Tally = Record<ApplyOutcome | 'refused', number>;

export function newTally(): Tally {
  return { unchanged: 0, inserted: 0, updated: 0, deleted: 0, busy: 0, refused: 0 };
}

type Tallies = Map<TablePlan, Tally>;
type Refusals = Map<IncomingRow, string>;

/** Rows of an empty table that go in together. */
const rowsAtOnce = 500;

/**
 * Writes a page of rows of several tables: new and changed rows with parents first, deleted ones with children first. A row that the till refuses is set aside with its reason, and holds up no other.
 */
export class PageWriter {
  constructor(
    private readonly database: Database,
    private readonly plan: SyncPlan,
    private readonly appliers: ReadonlyMap<TablePlan, RowApplier>,
    private readonly journal: Journal,
    private readonly foreignKeys: ForeignKeys,
  ) {}

  /** Writes the page in an uncaptured transaction of its own, together with what `also` writes. */
  async write(rows: readonly IncomingRow[], now: string, also: (tallies: Tallies) => Promise<void>, wasEmpty = false, before?: () => Promise<void>): Promise<Tallies> {
    const attempt = (isCareful: boolean): Promise<Tallies> =>
      this.database.writeUncaptured(async () => {
        await before?.();
        const tallies = await this.writePage(rows, now, wasEmpty, isCareful);
        await also(tallies);
        return tallies;
      });
    try {
      return await attempt(false);
    } catch (e) {
      // A foreign key that nobody saw coming, by way of the app's own triggers: then each row answers for itself.
      if (e instanceof RowRefused && /FOREIGN KEY/i.test(e.message))
        return attempt(true);
      throw e;
    }
  }

  // Whoever leaves a foreign key dangling is left out, and the page is written again without it, until it holds: rows that refer to each other arrive together.
  private async writePage(rows: readonly IncomingRow[], now: string, wasEmpty: boolean, isCareful: boolean): Promise<Tallies> {
    this.journal.discard();
    await this.database.run(raw('PRAGMA defer_foreign_keys = ON'));
    const refused: Refusals = new Map();
    let tallies: Tallies = new Map();
    for (let isDone = false; !isDone;) {
      for (const applier of this.appliers.values())
        applier.begin();
      isDone = await this.database.savepoint('page', async () => {
        tallies = new Map();
        const left = this.ordered(rows.filter(r => !refused.has(r)));
        const dangling = isCareful ? await this.writeCarefully(left, now, tallies) : await this.writeRows(left, now, wasEmpty, tallies);
        dangling.forEach((reason, row) => refused.set(row, reason));
        return dangling.size === 0;
      });
      if (!isDone)
        this.journal.discard();
    }
    for (const [row, reason] of refused)
      await this.setAside(row, reason, now, tallies);
    await this.journal.flush();
    return tallies;
  }

  private ordered(rows: readonly IncomingRow[]): IncomingRow[] {
    const rank = new Map(this.plan.tables.map((t, i) => [t, i]));
    const order = (a: IncomingRow, b: IncomingRow): number => rank.get(a.table)! - rank.get(b.table)!;
    return [...rows.filter(r => r.values !== null).sort(order), ...rows.filter(r => r.values === null).sort((a, b) => order(b, a))];
  }

  // Gives the rows that leave a foreign key dangling.
  private async writeRows(rows: readonly IncomingRow[], now: string, wasEmpty: boolean, tallies: Tallies): Promise<Refusals> {
    const clashing: { row: IncomingRow; reason: string }[] = [];
    const written: IncomingRow[] = [];
    const deleted: { row: IncomingRow; referring: () => Promise<string | null> }[] = [];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (wasEmpty && row.values !== null && i % rowsAtOnce === 0) {
        const many = rows.slice(i, i + rowsAtOnce).filter(r => r.table === row.table && r.values !== null);
        if (await this.applier(row).tryInsertMany(many as { key: string; values: readonly Cell[] }[], now)) {
          tally(tallies, row.table).inserted += many.length;
          written.push(...many);
          i += many.length - 1;
          continue;
        }
      }
      const referring = row.values === null ? await this.foreignKeys.watchDelete(row.table, this.applier(row).rows.matches(row.key)) : null;
      const reason = await this.writeRow(row, now, wasEmpty, tallies);
      if (reason === null && referring === null)
        written.push(row);
      else if (reason === null)
        deleted.push({ row, referring: referring! });
      else if (reason.includes('UNIQUE constraint failed'))
        clashing.push({ row, reason });
      else
        await this.setAside(row, referring === null ? reason : ((await this.referredBy(row, reason)) ?? reason), now, tallies);
    }
    for (const { row, reason } of await this.settle(clashing, now, tallies, written))
      await this.setAside(row, reason, now, tallies);
    return this.findDangling(written, deleted);
  }

  private async findDangling(written: readonly IncomingRow[], deleted: readonly { row: IncomingRow; referring: () => Promise<string | null> }[]): Promise<Refusals> {
    const dangling: Refusals = new Map();
    for (const row of written) {
      const key = isLinked(row.table) ? (await this.applier(row).rows.find(row.key))?.key : row.key;
      if (key !== undefined && (await this.foreignKeys.withoutParent(row.table, [key])).size > 0)
        dangling.set(row, `${row.table.terminal.name}: it refers to a row that this terminal does not have`);
    }
    for (const { row, referring } of deleted) {
      const child = await referring();
      if (child !== null)
        dangling.set(row, `${row.table.terminal.name}: deleted in central, but ${child} of this terminal still has rows that refer to it`);
    }
    return dangling;
  }

  private async referredBy(row: IncomingRow, reason: string): Promise<string | null> {
    if (!/FOREIGN KEY/i.test(reason))
      return null;
    return `${row.table.terminal.name}: deleted in central, but other rows of this terminal still refer to it`;
  }

  // Each row by itself, with a look at the whole file after it.
  private async writeCarefully(rows: readonly IncomingRow[], now: string, tallies: Tallies): Promise<Refusals> {
    let left = [...rows];
    for (let before = left.length + 1; left.length > 0 && left.length < before;) {
      before = left.length;
      const again: IncomingRow[] = [];
      for (const row of left) {
        const own: Tallies = new Map();
        const mark = this.journal.mark();
        const fits = await this.database.savepoint('alone', async () => {
          const dangling = await this.foreignKeys.countDangling();
          const reason = await this.writeRow(row, now, false, own);
          if (reason !== null)
            await this.setAside(row, reason, now, own);
          return (await this.foreignKeys.countDangling()) <= dangling;
        });
        if (fits)
          own.forEach((t, table) => add(tally(tallies, table), t));
        else
          this.journal.returnTo(mark);
        if (!fits)
          again.push(row);
      }
      left = again;
    }
    for (const row of left)
      await this.setAside(row, `${row.table.terminal.name}: foreign keys of this terminal do not allow it`, now, tallies);
    return new Map();
  }

  /** Why the row was refused; null when it was not. */
  private async writeRow(row: IncomingRow, now: string, wasEmpty: boolean, tallies: Tallies): Promise<string | null> {
    const applier = this.applier(row);
    try {
      const outcome = wasEmpty && row.values !== null && (await applier.tryInsert(row.key, row.values, now)) ? 'inserted' : await applier.apply(row.key, row.values, now);
      // The entry may come to nothing (deleted before it was ever sent): then this row must not have been passed over for good.
      if (outcome === 'busy')
        await applier.askAgain(row.key, now);
      tally(tallies, row.table)[outcome]++;
      return null;
    } catch (e) {
      if (e instanceof RowRefused)
        return e.message;
      throw e;
    }
  }

  // Rows whose unique values other rows still had when it was their turn: by now those may have given them up; and rows that exchange their values give them up first, all together or not at all.
  private async settle(clashing: { row: IncomingRow; reason: string }[], now: string, tallies: Tallies, written: IncomingRow[]): Promise<{ row: IncomingRow; reason: string }[]> {
    let left = clashing;
    for (let before = left.length + 1; left.length > 0 && left.length < before;) {
      before = left.length;
      const again: typeof left = [];
      for (const { row } of left) {
        const reason = await this.writeRow(row, now, false, tallies);
        if (reason === null)
          written.push(row);
        else
          again.push({ row, reason });
      }
      left = again;
      if (left.length > 1 && (await this.exchange(left.map(l => l.row), now, tallies))) {
        written.push(...left.map(l => l.row));
        return [];
      }
      left.reverse();
    }
    return left;
  }

  private async exchange(rows: readonly IncomingRow[], now: string, tallies: Tallies): Promise<boolean> {
    const own: Tallies = new Map();
    const mark = this.journal.mark();
    const fits = await this.database.savepoint('exchange', async () => {
      try {
        for (const row of rows)
          await this.applier(row).park(row.key, row.values!);
      } catch (e) {
        if (e instanceof RowRefused)
          return false;
        throw e;
      }
      for (const row of rows) {
        if ((await this.writeRow(row, now, false, own)) !== null)
          return false;
      }
      return true;
    });
    if (fits)
      own.forEach((t, table) => add(tally(tallies, table), t));
    else
      this.journal.returnTo(mark);
    return fits;
  }

  private async setAside(row: IncomingRow, reason: string, now: string, tallies: Tallies): Promise<void> {
    await this.applier(row).refuse(row.key, reason, now);
    tally(tallies, row.table).refused++;
  }

  private applier(row: IncomingRow): RowApplier {
    return this.appliers.get(row.table)!;
  }
}

function tally(tallies: Tallies, table: TablePlan): Tally {
  const known = tallies.get(table) ?? newTally();
  tallies.set(table, known);
  return known;
}

function add(to: Tally, from: Tally): void {
  for (const outcome of Object.keys(from) as (keyof Tally)[])
    to[outcome] += from[outcome];
}

/** Tables whose rows come down by central's log; others need what this client does not do. */
export function isFollowed(table: TablePlan): boolean {
  return comesDown(table) && table.entry.centralCapture === 'Trigger';
}
