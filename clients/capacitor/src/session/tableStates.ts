import { beginning, parsePosition, type LogPosition } from '../file/position.js';
import type { TableState, TillFile } from '../file/tillFile.js';
import { comesDown, goesUp, isLinked, type TablePlan } from '../plan.js';
import { SyncError } from '../syncError.js';
import type { RunContext } from './runContext.js';

const travels = (t: TablePlan): boolean => goesUp(t) || comesDown(t);
const needsComparing = (t: TablePlan): boolean => goesUp(t) || (comesDown(t) && isLinked(t));

/** What this client does not do is refused before anything is changed, and never done by half. */
export function requireSupported(tables: readonly TablePlan[]): void {
  for (const table of tables) {
    if ((goesUp(table) && table.entry.terminalCapture === 'Timestamp') || (comesDown(table) && table.entry.centralCapture === 'Timestamp'))
      throw new SyncError('InvalidConfiguration', `${table.terminal.name} is captured by timestamp, which this client does not do`, 'Choose "trigger" for "terminalCapture" and "centralCapture" in the table map, or leave the table out.', { table: table.terminal.name });
  }
}

/** The state in which a table begins: rows that are there already wait to be compared. The log's place is noted now, because rows may be sent before the first load, and central may delete them again. */
export async function newTableState(table: TablePlan, file: TillFile, position: LogPosition): Promise<TableState> {
  const isWaiting = needsComparing(table) && (await file.hasRows(table.terminal.name));
  return { name: table.terminal.name, boot: isWaiting ? 'waiting' : 'done', bootKey: null, load: 'waiting', loadKey: null, position, shape: null };
}

/** Brings the file's checkpoints in line with the plan before a run: new tables, lost captures, restored databases. */
export async function prepareTables(run: RunContext, gaps: readonly string[]): Promise<void> {
  run.tables = await run.file.tables();
  const changed = new Map<string, TableState>();
  const planned = run.plan.tables.filter(travels);
  const added = planned.filter(t => run.stateOf(t) === undefined);
  const known = run.plan.tables.filter(t => run.stateOf(t) !== undefined);
  if (added.length > 0) {
    const position = await run.central.position();
    for (const table of added)
      changed.set(table.terminal.name, await newTableState(table, run.file, position));
  }
  for (const table of known) {
    const next = adopt(run.stateOf(table)!, table, shapeOf(table, run.welcome.attributes));
    if (next === run.stateOf(table))
      continue;
    if (next.load !== run.stateOf(table)!.load || next.boot !== run.stateOf(table)!.boot)
      run.warnings.push(`${table.terminal.name} travels with other columns or for other rows than before: all of it is compared once.`);
    run.tables.set(next.name, next);
    changed.set(next.name, next);
  }
  const dropped = [...run.tables.keys()].filter(name => !planned.some(t => t.terminal.name === name)).sort();
  if (dropped.length > 0)
    run.warnings.push(`No longer synced, because the table map or central does not have them: ${dropped.join(', ')}. What the till changes there meanwhile is not captured.`);
  for (const name of gaps.filter(g => run.tables.has(g))) {
    changed.set(name, { ...run.tables.get(name)!, boot: 'waiting', bootKey: null });
    run.warnings.push(`${name} had lost its capture triggers (the table was rebuilt); its rows are compared.`);
  }
  const isCentralBack = run.identity === 'restored-central' && run.state.restored !== 'central';
  if (isCentralBack) {
    for (const table of known) {
      const state = changed.get(table.terminal.name) ?? run.stateOf(table)!;
      // Behind this place somebody else's changes are news; the till's own place in the log is one of a history that no longer exists.
      changed.set(state.name, { ...state, boot: needsComparing(table) ? 'resend' : 'done', bootKey: null, position: run.welcome.position === undefined ? beginning : parsePosition(run.welcome.position), load: 'waiting', loadKey: null });
    }
    run.warnings.push('Central is older than this till knows it: it was restored from a backup. The till sends again what central lost.');
  }
  if (run.identity === 'restored-terminal')
    run.warnings.push("The till's file is older than central knows it: it was restored from a backup, and catches up.");
  if (changed.size === 0)
    return;
  await run.database.write(async () => {
    if (run.identity === 'restored-central')
      await run.file.writeRestored('central');
    for (const state of changed.values())
      await run.save(state);
  });
}

// A column that came later has values in rows that nobody touched since, and a filter that changed concerns rows that did not.
function shapeOf(table: TablePlan, attributes: Record<string, string>): string {
  const columns = table.columns.map(c => `${c.terminal.name}=${c.central.name}`).sort().join(',');
  const filter = table.entry.filter ?? '';
  const names = [...new Set([...filter.matchAll(/\{terminal\.([^}]+)\}/g)].map(m => m[1]!))];
  return `${columns}\n${filter}${filter === '' ? '' : names.map(a => `${a}=${attributes[a] ?? ''}`).join(',')}`;
}

function adopt(state: TableState, table: TablePlan, shape: string): TableState {
  if (state.shape === shape)
    return state;
  if (state.shape === null)
    return { ...state, shape };
  const [columns, scope] = split(shape);
  const [before, scopeBefore] = split(state.shape);
  const hasGrown = columns.some(c => !before.includes(c));
  return {
    ...state,
    shape,
    boot: state.boot === 'done' && hasGrown && goesUp(table) ? 'resend' : state.boot,
    load: (hasGrown || scope !== scopeBefore) && comesDown(table) && state.load === 'done' ? 'reloading' : state.load,
  };
}

function split(shape: string): [string[], string] {
  const line = shape.indexOf('\n');
  return [shape.slice(0, line).split(','), shape.slice(line + 1)];
}
