import { RowRefused, type Database } from '../file/database.js';
import { keyMatches } from '../file/keySql.js';
import { quote, raw, sql, type Sql } from '../file/sql.js';
import { goesUp, type SyncPlan, type TablePlan } from '../plan.js';
import type { ForeignKeys } from './foreignKeys.js';

/**
 * Deletes rows of one table, unless ON DELETE CASCADE or a trigger of the app would take rows along that central has never seen: those in the queue, and those of tables that wait to be compared.
 */
export class CascadeGuard {
  private dependents: TablePlan[] | null = null;

  constructor(private readonly database: Database, private readonly plan: SyncPlan, private readonly table: TablePlan, private readonly foreignKeys: ForeignKeys) {}

  /** Throws RowRefused when a row that was never sent would have gone with it; then nothing was deleted. */
  async delete(statement: Sql): Promise<void> {
    const unseen = await this.unseen();
    if (unseen.length === 0) {
      await this.database.run(statement);
      return;
    }
    let reason: string | null = null;
    await this.database.savepoint('cascade', async () => {
      await this.database.run(statement);
      for (const look of unseen)
        reason ??= await look();
      return reason === null;
    });
    if (reason !== null)
      throw new RowRefused(`${this.table.terminal.name}: deleted in central, but ${String(reason)}`);
  }

  // What of other tables central may not know, and how to see afterwards that the delete has taken some of it.
  private async unseen(): Promise<(() => Promise<string | null>)[]> {
    const looks: (() => Promise<string | null>)[] = [];
    for (const dependent of await this.findDependents()) {
      const name = dependent.terminal.name;
      if (await this.database.exists(sql`SELECT 1 AS n FROM payflow_tables WHERE name = ${name} AND boot_state <> 'done'`)) {
        const left = (await this.countRows(name)) - (dependent === this.table ? 1 : 0);
        looks.push(async () => ((await this.countRows(name)) < left ? `${name} still has rows of it that wait to be compared with central` : null));
      } else if (await this.database.exists(sql`SELECT 1 AS n FROM sync_queue WHERE entity_type = ${name} AND action <> 'DELETE' LIMIT 1`)) {
        const before = await this.countGone(dependent);
        looks.push(async () => ((await this.countGone(dependent)) > before ? `${name} still has rows of it that were never sent` : null));
      }
    }
    return looks;
  }

  private countRows(name: string): Promise<number> {
    return this.database.count(raw(`SELECT count(*) AS n FROM ${quote(name)}`));
  }

  // Rows with something to send that are not there.
  private countGone(dependent: TablePlan): Promise<number> {
    return this.database.count(sql`SELECT count(*) AS n FROM sync_queue q WHERE q.entity_type = ${dependent.terminal.name} AND q.action <> 'DELETE'
      AND NOT EXISTS (SELECT 1 FROM ${raw(quote(dependent.terminal.name))} t WHERE ${keyMatches(dependent, 't', raw('q.entity_id'))})`);
  }

  // Tables that are not synced pass a delete on like any other, and the app's own triggers may delete anywhere.
  private async findDependents(): Promise<TablePlan[]> {
    if (this.dependents !== null)
      return this.dependents;
    const reached = await this.foreignKeys.descendants(this.table.terminal.name);
    const isReached = (t: TablePlan): boolean => reached.has(t.terminal.name.toLowerCase());
    const hasTriggers = this.plan.tables.some(t => t.terminal.hasUserTriggers && (t === this.table || isReached(t)));
    this.dependents = this.plan.tables.filter(t => goesUp(t) && (isReached(t) || (hasTriggers && t !== this.table)));
    return this.dependents;
  }
}
