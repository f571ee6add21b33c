import { raw, sql } from '../file/sql.js';
import type { UploadResult } from '../host/messages.js';
import type { TablePlan } from '../plan.js';
import { BatchBuilder, type ClaimedBatch, type ClaimedRow } from './batchBuilder.js';
import type { RunContext } from './runContext.js';

const mostRounds = 8;

/** Till to central. First the fate of batches that an earlier run left on their way is asked for; then the queue is emptied; rows that wait for others go round again as long as that helps. */
export class UploadPhase {
  constructor(private readonly run: RunContext) {}

  async runAll(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const { moved, again } = await this.round();
      if (moved === 0 || again === 0)
        return;
    }
  }

  /** Settles what an earlier run left as SYNCING: applied batches are closed by their stored result, the others are PENDING again. */
  async recover(): Promise<void> {
    for (const [batch, rows] of await this.inFlight()) {
      const result = await this.run.central.findResult(batch);
      await this.run.step('recover-asked');
      if (result !== null)
        await this.acknowledge(batch, rows, result);
      else
        await this.run.database.write(() => this.run.database.run(sql`UPDATE sync_queue SET status = CASE status WHEN 'SYNCING' THEN 'PENDING' ELSE status END, batch_id = NULL, payload = NULL WHERE batch_id = ${batch}`));
    }
  }

  /** Sends the due entries of one table, for rows from before the capture. */
  async sendEntries(table: TablePlan): Promise<void> {
    const builder = new BatchBuilder(this.run, false, table);
    for (let batch = await builder.next(); batch !== null; batch = await builder.next())
      await this.send(batch);
  }

  private async round(): Promise<{ moved: number; again: number }> {
    let [moved, again] = [0, 0];
    for (const deletes of [false, true]) {
      const builder = new BatchBuilder(this.run, deletes);
      for (let batch = await builder.next(); batch !== null; batch = await builder.next()) {
        for (const s of (await this.send(batch)).sections) {
          moved += s.rows - s.failed - s.waiting - s.skipped;
          again += s.waiting + s.outcomes.filter(o => o.status === 'Failed' && o.retrySoon).length;
        }
      }
      again += builder.left;
    }
    return { moved, again };
  }

  private async send(claimed: ClaimedBatch): Promise<UploadResult> {
    await this.run.ensureAdvanced();
    await this.run.step('batch-claimed');
    const result = await this.run.central.upload(claimed.batch);
    await this.run.step('batch-applied');
    await this.acknowledge(claimed.batch.id, claimed.rows, result);
    await this.run.step('batch-acknowledged');
    result.sections.forEach(s => this.run.countSent(s));
    return result;
  }

  private async acknowledge(batch: string, rows: readonly ClaimedRow[], result: UploadResult): Promise<void> {
    const outcomes = new Map(result.sections.flatMap(s => s.outcomes.map(o => [`${s.table}\n${o.key}`, o] as const)));
    await this.run.database.writeUncaptured(async () => {
      await this.run.database.run(raw('PRAGMA defer_foreign_keys = ON'));
      for (const row of rows)
        await this.run.tools.acknowledgement.apply(batch, row.table, row.key, outcomes.get(`${row.table.terminal.name}\n${row.key}`));
    });
  }

  private async inFlight(): Promise<Map<string, ClaimedRow[]>> {
    const batches = new Map<string, ClaimedRow[]>();
    for (const row of await this.run.database.all(raw('SELECT batch_id AS b, entity_type AS t, entity_id AS k FROM sync_queue WHERE batch_id IS NOT NULL'))) {
      const rows = batches.get(String(row['b'])) ?? [];
      batches.set(String(row['b']), rows);
      // A table that has left the map keeps its entries until it is back.
      const table = this.run.table(String(row['t']));
      if (table !== undefined)
        rows.push({ table, key: String(row['k']) });
    }
    return batches;
  }
}
