import type { HostCentral } from '../host/hostCentral.js';
import type { RowChange, RowOutcome, SectionResult } from '../host/messages.js';
import { rowSize } from '../values/cell.js';

const mostWeight = 4 << 20;
// A character weighs two bytes here and takes six at most on the line, and a row's key stands beside its values.
const widest = 6;

/** What goes up together: a batch is to be light enough to be kept in memory, and no longer than what stands on the way to central takes. */
export class UploadRoom {
  constructor(private readonly central: HostCentral) {}

  /** What a batch may weigh. What is no heavier fits for certain, so that of most rows nobody has to know how long they are. */
  get weight(): number {
    return Math.min(mostWeight, this.central.longestBatch / widest);
  }

  static weightOf(row: RowChange): number {
    return rowSize(row.values) + rowSize(row.base);
  }

  /** Why a row can never go, whatever else is sent; null when it can. */
  refuse(table: string, row: RowChange): string | null {
    if (UploadRoom.weightOf(row) <= this.weight)
      return null;
    const length = this.central.lengthOf(row);
    return length <= this.central.longestRow ? null
      : `${table}/${row.key} takes ${sizeText(length)} on the line${row.base === null ? '' : ', with what was there before'}, and no more than ${sizeText(this.central.longestRow)} get through to central. `
        + 'Make its largest value smaller; or raise PAYFLOW_UPLOAD_LIMIT_MB of the host and the limit of a proxy before it, and try the row again (payflow queue requeue).';
  }

  /** Rows of one table that can go, and what is to be said of those that cannot. */
  split(table: string, rows: readonly RowChange[]): { sent: RowChange[]; refused: RowOutcome[] } {
    const [sent, refused]: [RowChange[], RowOutcome[]] = [[], []];
    for (const row of rows) {
      const reason = this.refuse(table, row);
      if (reason === null)
        sent.push(row);
      else
        refused.push({ key: row.key, status: 'Failed', reason, isFinal: true, retrySoon: false, centralDeleted: false, reread: false });
    }
    return { sent, refused };
  }

  /** How many of these rows, from the first one on, fit into a batch of their own; one at least. */
  countFitting(rows: readonly RowChange[]): number {
    let length = 0;
    const end = rows.findIndex(r => (length += this.central.lengthOf(r)) > this.central.longestBatch);
    return end < 0 ? rows.length : Math.max(1, end);
  }
}

/** What central answered, and what it was not asked. */
export function withRefused(answer: SectionResult, refused: readonly RowOutcome[]): SectionResult {
  return { ...answer, rows: answer.rows + refused.length, failed: answer.failed + refused.length, outcomes: [...answer.outcomes, ...refused] };
}

function sizeText(bytes: number): string {
  const [amount, unit] = bytes < 1 << 20 ? [bytes / 1024, 'KB'] : [bytes / 1048576, 'MB'];
  return `${String(Math.round(amount * 10) / 10)} ${unit}`;
}
