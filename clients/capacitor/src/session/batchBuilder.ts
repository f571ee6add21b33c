import type { Batch, RowChange } from '../host/messages.js';
import { findTable, goesUp, isLinked, isSame, type SyncPlan, type TablePlan } from '../plan.js';
import { isNothing, type QueueEntry } from '../queue/queueTable.js';
import { keyText, LocalReference, type Cell } from '../values/cell.js';
import { raw, sql } from '../file/sql.js';
import { positionText, beginning } from '../file/position.js';
import type { RunContext } from './runContext.js';
import { newUuid } from '../values/uuid.js';
import { UploadRoom } from './uploadRoom.js';

export interface ClaimedRow {
  table: TablePlan;
  key: string;
}

/** A batch and the queue entries it carries. */
export interface ClaimedBatch {
  batch: Batch;
  rows: ClaimedRow[];
}

// A longer chain of new rows goes in several rounds.
const mostAncestors = 200;

interface GatheredRow extends ClaimedRow {
  change: RowChange;
}

function nameOf(row: ClaimedRow): string {
  return `${row.table.terminal.name}\n${row.key}`;
}

/** The rows of other tables that a row refers to, by their local keys; those that are in central for certain are left out. */
function parentsOf(plan: SyncPlan, table: TablePlan, row: readonly Cell[]): ClaimedRow[] {
  const found: ClaimedRow[] = [];
  for (const reference of table.terminal.foreignKeys) {
    const parent = findTable(plan, reference.parentTable);
    if (parent === undefined || !goesUp(parent) || parent.terminalKey.length !== reference.columns.length)
      continue;
    // The parent's key order, because that is how its entries are called.
    const cells = parent.terminalKey.map(k => {
      const at = reference.parentColumns.findIndex(p => isSame(p, k.name));
      const column = table.columns.findIndex(c => at >= 0 && isSame(c.terminal.name, reference.columns[at]!));
      return column < 0 ? null : row[column]!;
    });
    if (cells.some(c => c === null) || (isLinked(parent) && !(cells[0] instanceof LocalReference)))
      continue;
    found.push({ table: parent, key: keyText(cells) });
  }
  return found;
}

/** Takes due entries out of the queue, batch by batch: by priority, a row's new parents with it. Rows are read and marked in one transaction, so that what is sent is what was marked. */
export class BatchBuilder {
  private readonly tables: TablePlan[];
  private at = 0;
  private after: string | null = null;
  private readonly room: UploadRoom;
  private readonly givenUp = new Set<string>();

  /** Rows that were left for another round, because their new parents alone fill a batch. */
  left = 0;

  constructor(private readonly run: RunContext, private readonly deletes: boolean, only?: TablePlan) {
    this.room = new UploadRoom(run.central);
    const tables = run.plan.tables.filter(t => goesUp(t) && (only === undefined || t === only));
    this.tables = deletes ? tables.reverse() : tables.map((t, i) => ({ t, i })).sort((a, b) => a.t.entry.priority - b.t.entry.priority || a.t.rank - b.t.rank || a.i - b.i).map(p => p.t);
  }

  /** The next batch; null when nothing is due any more. */
  async next(): Promise<ClaimedBatch | null> {
    while (this.at < this.tables.length) {
      const batch = await this.run.database.write(() => this.collect());
      if (batch.rows.length > 0)
        return batch;
    }
    return null;
  }

  private async collect(): Promise<ClaimedBatch> {
    const id = newUuid();
    const rows = new Map<TablePlan, RowChange[]>();
    const claimed = new Map<string, ClaimedRow>();
    const most = this.run.options.batchSize;
    const room = this.room.weight;
    let weight = 0;
    while (this.at < this.tables.length && claimed.size < most && weight < room) {
      const table = this.tables[this.at]!;
      const { entries, isLast } = await this.run.tools.queues.get(table)!.read(this.after, this.deletes, this.run.now(), Math.min(table.entry.batchSize ?? most, most - claimed.size));
      for (const entry of entries) {
        const together = await this.gather(table, entry, claimed);
        const more = together.reduce((n, r) => n + UploadRoom.weightOf(r.change), 0);
        // A heavy row begins a batch, so that what it cannot take along is known before anything is claimed.
        if (weight > 0 && weight + more > room) {
          together.forEach(r => claimed.delete(nameOf(r)));
          return { batch: this.toBatch(id, rows), rows: [...claimed.values()] };
        }
        if (more > room)
          await this.leaveOut(together, claimed);
        for (const row of together) {
          await this.run.tools.acknowledgement.claim(row.table, row.key, id);
          const list = rows.get(row.table) ?? [];
          rows.set(row.table, list);
          list.push(row.change);
        }
        weight += more;
        this.after = entry.key;
      }
      if (isLast) {
        this.at++;
        this.after = null;
      } else if (table.entry.batchSize !== undefined) {
        // A table with a batch size of its own ends the batch.
        break;
      }
    }
    return { batch: this.toBatch(id, rows), rows: [...claimed.values()] };
  }

  // The row's new parents first. It may have come along already, as the parent of another row.
  private async gather(table: TablePlan, entry: QueueEntry, claimed: Map<string, ClaimedRow>, depth = 0): Promise<GatheredRow[]> {
    const row = { table, key: entry.key, change: { key: entry.key, serverKey: entry.serverKey, values: entry.values, base: entry.base, attempts: entry.isConflict ? Math.max(1, entry.attempts) : entry.attempts } };
    if (claimed.has(nameOf(row)))
      return [];
    if (isNothing(entry)) {
      await this.close(table, entry);
      return [];
    }
    claimed.set(nameOf(row), { table, key: entry.key });
    const together: GatheredRow[] = [];
    if (entry.values !== null && depth < mostAncestors) {
      for (const parent of parentsOf(this.run.plan, table, entry.values)) {
        // One that was too long for another child is not read and measured again.
        if (this.givenUp.has(nameOf(parent)))
          continue;
        const missing = await this.run.tools.queues.get(parent.table)!.findNew(parent.key);
        if (missing !== null && missing.values !== null)
          together.push(...(await this.gather(parent.table, missing, claimed, depth + 1)));
      }
    }
    together.push(row);
    return together;
  }

  // Heavier than a batch usually is, so it is measured. A row that is too long by itself never goes; one that is so only with its parents goes when they are there.
  private async leaveOut(together: GatheredRow[], claimed: Map<string, ClaimedRow>): Promise<void> {
    for (const row of [...together]) {
      const reason = this.room.refuse(row.table.terminal.name, row.change);
      if (reason === null)
        continue;
      await this.giveUp(row, reason);
      claimed.delete(nameOf(row));
      together.splice(together.indexOf(row), 1);
    }
    for (const row of together.splice(this.room.countFitting(together.map(r => r.change)))) {
      claimed.delete(nameOf(row));
      this.left++;
    }
  }

  private async giveUp(row: GatheredRow, reason: string): Promise<void> {
    await this.run.database.run(raw('UPDATE payflow_state SET applying = 1'));
    await this.run.tools.acknowledgement.giveUp(row.table, row.key, reason);
    this.givenUp.add(nameOf(row));
    await this.run.database.run(raw('UPDATE payflow_state SET applying = 0'));
    const progress = this.run.of(row.table, 'Pull');
    progress.read++;
    progress.failed++;
  }

  // It came to nothing: changed back, or never sent and deleted again.
  private async close(table: TablePlan, entry: QueueEntry): Promise<void> {
    const database = this.run.database;
    await database.run(sql`DELETE FROM sync_queue WHERE entity_type = ${table.terminal.name} AND entity_id = ${entry.key}`);
    await database.run(raw('UPDATE payflow_state SET applying = 1'));
    await this.run.tools.appliers.get(table)!.markSynced(entry.key, entry.serverKey, this.run.now());
    await database.run(raw('UPDATE payflow_state SET applying = 0'));
  }

  private toBatch(id: string, rows: Map<TablePlan, RowChange[]>): Batch {
    const order = this.deletes ? [...this.run.plan.tables].reverse() : this.run.plan.tables;
    return {
      id,
      runId: this.run.runId,
      seen: positionText(beginning),
      isRestored: this.run.isRestored,
      sections: order.filter(t => rows.has(t)).map(t => ({
        table: t.terminal.name,
        columns: this.run.tools.queues.get(t)!.columns,
        rows: rows.get(t)!,
        isBootstrap: false,
        isLinkOnly: false,
        baseUnknown: false,
        isLinked: (this.run.stateOf(t)?.boot ?? 'done') === 'done',
      })),
    };
  }
}
