/** A place in central's change log; what stands before it has been read, all of it. Written `generation/transaction/entry`. */
export interface LogPosition {
  generation: bigint;
  transaction: bigint;
  entry: bigint;
}

export const beginning: LogPosition = { generation: 0n, transaction: 0n, entry: 0n };

export function parsePosition(text: string): LogPosition {
  const [generation, transaction, entry] = text.split('/').map(BigInt) as [bigint, bigint, bigint];
  return { generation, transaction, entry };
}

export const positionText = (p: LogPosition): string => `${p.generation}/${p.transaction}/${p.entry}`;

export function comparePositions(a: LogPosition, b: LogPosition): number {
  const difference = a.generation - b.generation || a.transaction - b.transaction || a.entry - b.entry;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
