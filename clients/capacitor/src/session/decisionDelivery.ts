import { RowRefused } from '../file/database.js';
import { sql } from '../file/sql.js';
import type { Decision } from '../host/messages.js';
import { isLinked, isSame, type TablePlan } from '../plan.js';
import { AgreedState } from '../queue/agreedState.js';
import { cellText, LocalReference, sameCell, type Cell } from '../values/cell.js';
import { readImage, writeImage, type Image } from '../values/image.js';
import type { RunContext } from './runContext.js';

const rowsPerCall = 500;

/** A row of the till as it is now, beside the state of it that central decided upon. */
interface Row {
  stored: Cell[] | null;
  neutral: Cell[] | null;
  base: Cell[] | null;
  named: Image | null;
}

/**
 * Central's decisions on their way to the till: at the start of a run it asks what became of its conflicts, as long as it has any. Because the till asks, a restored file and a lost acknowledgement heal by
 * themselves. What the app changed after the state that was decided upon stays an open change on top of the decision.
 */
export class DecisionDelivery {
  constructor(private readonly run: RunContext) {}

  async runAll(): Promise<void> {
    const waiting = (await this.run.file.conflicts()).filter(c => this.run.table(c.table) !== undefined);
    for (let i = 0; i < waiting.length; i += rowsPerCall) {
      const decisions = await this.run.central.decisions(waiting.slice(i, i + rowsPerCall));
      await this.run.step('decisions-asked');
      if (decisions.every(d => d.state === 'Open'))
        continue;
      await this.run.ensureAdvanced();
      await this.run.database.writeUncaptured(async () => {
        for (const decision of decisions)
          await this.apply(decision);
      });
      await this.run.step('decisions-applied');
      const taken = decisions.filter(d => d.state === 'Decided' && !d.wasDelivered).map(d => d.conflict);
      if (taken.length > 0)
        await this.run.central.delivered(taken);
      await this.run.step('decisions-delivered');
    }
  }

  private async apply(decision: Decision): Promise<void> {
    const table = this.run.table(decision.row.table);
    const key = decision.row.key;
    if (table === undefined || decision.state === 'Open')
      return;
    const entry = sql`entity_type = ${table.terminal.name} AND entity_id = ${key}`;
    if (!(await this.run.database.exists(sql`SELECT 1 AS n FROM sync_queue WHERE ${entry} AND status = 'CONFLICT' AND batch_id IS NULL`)))
      return;
    if (decision.state === 'Unknown')
      return this.resend(table, key);
    const row = await this.read(table, key);
    if (this.isStill(table, row, decision.decidedUpon, decision.fields))
      return this.takeOver(table, decision, row);
    // Which of the till's values are newer than the decision can only be told by a file that has seen no restore since.
    const isSure = !this.run.isRestored && !this.run.isCentralRestored;
    const agreed = !isSure || decision.wasDelivered || decision.values === null ? null : await this.agree(table, decision, row, decision.values);
    if (agreed === null)
      return this.resend(table, key);
    // Central's values go under what the app changed since, and become the before-image.
    const columns = this.run.tools.queues.get(table)!.columns;
    const image = decision.serverKey === null || !isLinked(table) ? writeImage(columns, agreed) : writeImage([...columns, table.serverIdColumn!], [...agreed, decision.serverKey]);
    await this.run.database.run(sql`UPDATE sync_queue SET base = ${image}, action = ${row.stored === null ? 'DELETE' : 'UPDATE'} WHERE ${entry}`);
    await this.resend(table, key, decision.serverKey, 'updated');
  }

  private async takeOver(table: TablePlan, decision: Decision, row: Row): Promise<void> {
    const key = decision.row.key;
    await this.run.database.run(sql`DELETE FROM sync_queue WHERE entity_type = ${table.terminal.name} AND entity_id = ${key}`);
    await this.run.tools.acknowledgement.takeOver(table, key, decision.values, decision.serverKey, this.run.now());
    await this.run.tools.appliers.get(table)!.markSynced(key, decision.serverKey, this.run.now());
    this.run.countDecision(table, decision.values !== null ? 'updated' : row.stored === null ? 'unchanged' : 'deleted');
  }

  private async resend(table: TablePlan, key: string, serverKey: string | null = null, counted: 'unchanged' | 'updated' = 'unchanged'): Promise<void> {
    await this.run.database.run(sql`UPDATE sync_queue SET status = 'PENDING', attempts = 0, last_error = NULL, next_attempt_at = NULL, updated_at = ${this.run.now()} WHERE entity_type = ${table.terminal.name} AND entity_id = ${key}`);
    await this.run.tools.appliers.get(table)!.rows.mark(key, 'PENDING', serverKey, null);
    this.run.countDecision(table, counted);
  }

  private async agree(table: TablePlan, decision: Decision, row: Row, values: readonly Cell[]): Promise<Cell[] | null> {
    const applier = this.run.tools.appliers.get(table)!;
    try {
      if (decision.decidedUpon === null)
        return await applier.toStored(values);
      const upon = decision.decidedUpon;
      const decided: Cell[] = [];
      for (let i = 0; i < table.columns.length; i++) {
        const was = this.was(table, row, upon, i);
        if (row.stored !== null && this.isCellStill(table, row, upon, decision.fields, i))
          decided.push(row.stored[i]!);
        else
          decided.push(was === undefined || was instanceof LocalReference ? null : ((await applier.tryToStored(i, was)) ?? null));
      }
      const agreed = new AgreedState(applier, decision.row.key, decided);
      await agreed.takeOver(values);
      return agreed.values;
    } catch (e) {
      if (e instanceof RowRefused)
        return null;
      throw e;
    }
  }

  private async read(table: TablePlan, key: string): Promise<Row> {
    const queue = this.run.tools.queues.get(table)!;
    const entry = await this.run.database.first(sql`SELECT base FROM sync_queue WHERE entity_type = ${table.terminal.name} AND entity_id = ${key}`);
    const image = (entry?.['base'] as string | null | undefined) ?? null;
    const stored = await this.run.tools.appliers.get(table)!.rows.findByKey(key);
    return { stored, neutral: stored === null ? null : await queue.toNeutral(stored), base: image === null ? null : await queue.readImage(image), named: image === null ? null : readImage(image) };
  }

  /** Nobody has changed the row since it was what central decided upon. */
  private isStill(table: TablePlan, row: Row, upon: Image | null, disputed: readonly string[]): boolean {
    if (upon === null || row.stored === null)
      return upon === null && row.stored === null;
    return row.stored.every((_, i) => this.isCellStill(table, row, upon, disputed, i));
  }

  // A column that came later was not decided upon. One that was not in dispute may have been agreed on meanwhile: then the before-image has it.
  private isCellStill(table: TablePlan, row: Row, upon: Image, disputed: readonly string[], column: number): boolean {
    const was = this.was(table, row, upon, column);
    if (was === undefined || this.isSameCell(table, row, column, was))
      return true;
    const name = table.columns[column]!.terminal.name;
    return row.base !== null && !disputed.some(d => isSame(d, name)) && this.isSameCell(table, row, column, row.base[column]!);
  }

  // A parent that central did not know then is named by its local key. What came from central may be spelled as central spells it.
  private isSameCell(table: TablePlan, row: Row, column: number, was: Cell): boolean {
    if (was instanceof LocalReference)
      return was.key === cellText(row.stored![column]!);
    return sameCell(was, row.neutral![column]!) || (table.columns[column]!.references === undefined && this.run.tools.appliers.get(table)!.meansSame(column, was, row.stored![column]!));
  }

  private was(table: TablePlan, row: Row, upon: Image, column: number): Cell | undefined {
    const name = table.columns[column]!.terminal.name.toLowerCase();
    if (upon.has(name))
      return upon.get(name)!;
    return row.named?.has(name) ? row.base![column]! : undefined;
  }
}
