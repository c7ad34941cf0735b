import type { ClaimTable } from './claim-table.ts';

/** A part of a table: of every axis some classes. */
type Box = readonly (readonly number[])[];

/** More parts of one table than this are not listed: the first ones show what is wrong. */
const MOST_PARTS = 20;

/** What claims look like that no row covers, in words, a text for each part that lies together. */
export function findGaps(table: ClaimTable): readonly string[] {
  const isGap = cellsWhere(table, (cell) => rows(table).every((row) => table.holds(row, cell) === 'no'));
  return describeParts(table, isGap);
}

/** Of the gaps those that have rows on both sides, on one of the named axes: a band was left out between two others. */
export function findHoles(table: ClaimTable, axisNames: readonly string[]): readonly string[] {
  const isGap = cellsWhere(table, (cell) => rows(table).every((row) => table.holds(row, cell) === 'no'));
  return partsOf(table, isGap)
    .filter((box) =>
      box.some((classes, axis) => {
        const { name, size } = table.axes[axis] ?? { name: '', size: 0 };
        return axisNames.includes(name) && !classes.includes(0) && !classes.includes(size - 1);
      }),
    )
    .map((box) => describe(table, box));
}

export interface Overlap {
  readonly rows: readonly [number, number];
  readonly where: string;
}

/** Pairs of rows that both hold for some claims, up to `MOST_PARTS`. */
export function findOverlaps(table: ClaimTable): readonly Overlap[] {
  const possible = cells(table).filter((cell) => table.isPossible(cell));
  const found: Overlap[] = [];
  for (const second of rows(table)) {
    const own = possible.filter((cell) => table.holds(second, cell) === 'yes');
    for (const first of rows(table).slice(0, second)) {
      if (found.length === MOST_PARTS || !own.some((cell) => table.holds(first, cell) === 'yes')) continue;
      const isShared = cellsWhere(table, (cell) => table.holds(first, cell) === 'yes' && table.holds(second, cell) === 'yes');
      const [where] = describeParts(table, isShared, 1);
      if (where !== undefined) found.push({ rows: [first, second], where });
    }
  }
  return found;
}

/** A row that decides about no claim. `coveredBy`: the earlier rows that take all of its claims; empty where it holds for no claim at all. */
export interface DeadRow {
  readonly row: number;
  readonly coveredBy: readonly number[];
}

/** Rows that hold for no claim and, where the first row that holds is taken, rows whose claims earlier rows have taken. */
export function findDeadRows(table: ClaimTable, hitPolicy: 'first' | 'only'): readonly DeadRow[] {
  const possible = cells(table).filter((cell) => table.isPossible(cell));
  const takenBy = new Map<number, number>();
  return rows(table).flatMap((row): readonly DeadRow[] => {
    const own = possible.filter((cell) => table.holds(row, cell) !== 'no');
    const isDead = own.every((cell) => takenBy.has(cell));
    const coveredBy = isDead ? [...new Set(own.flatMap((cell) => takenBy.get(cell) ?? []))].sort((left, right) => left - right) : [];
    if (hitPolicy === 'first') for (const cell of own) if (!takenBy.has(cell) && table.holds(row, cell) === 'yes') takenBy.set(cell, row);
    return isDead ? [{ row, coveredBy }] : [];
  });
}

function rows({ rowCount }: ClaimTable): readonly number[] {
  return Array.from({ length: rowCount }, (_, row) => row);
}

function cells({ cellCount }: ClaimTable): readonly number[] {
  return Array.from({ length: cellCount }, (_, cell) => cell);
}

/** `bad` where the predicate holds, `fine` where it does not, `none` for combinations that no claim has: they belong to any part. */
type Mark = 'bad' | 'fine' | 'none';

function cellsWhere(table: ClaimTable, predicate: (cell: number) => boolean): readonly Mark[] {
  return cells(table).map((cell) => (table.isPossible(cell) ? (predicate(cell) ? 'bad' : 'fine') : 'none'));
}

function describeParts(table: ClaimTable, marks: readonly Mark[], most = MOST_PARTS): readonly string[] {
  return partsOf(table, marks, most).map((box) => describe(table, box));
}

/** The bad cells in as few parts as a greedy search finds: from each that is not in a part yet, every axis is widened as far as all stays bad. */
function partsOf(table: ClaimTable, marks: readonly Mark[], most = MOST_PARTS): readonly Box[] {
  const pending = new Set(marks.flatMap((mark, cell) => (mark === 'bad' ? [cell] : [])));
  const parts: Box[] = [];
  for (let [start] = pending; start !== undefined && parts.length < most; [start] = pending) {
    const box = widen(table, marks, start);
    parts.push(box);
    for (const cell of cellsIn(table, box)) pending.delete(cell);
  }
  return parts;
}

function widen(table: ClaimTable, marks: readonly Mark[], start: number): Box {
  let box: Box = table.axes.map((_axis, at) => [table.classOf(start, at)]);
  for (const [at, axis] of table.axes.entries()) {
    const own = table.classOf(start, at);
    // From the start to both ends, so that an ordered axis grows without holes.
    const candidates = [
      ...Array.from({ length: axis.size - own - 1 }, (_, step) => own + step + 1),
      ...Array.from({ length: own }, (_, step) => own - step - 1),
    ];
    let isBlockedUp = false;
    let isBlockedDown = false;
    for (const candidate of candidates) {
      if (axis.isOrdered && (candidate > own ? isBlockedUp : isBlockedDown)) continue;
      const slice = box.map((classes, other) => (other === at ? [candidate] : classes));
      if (cellsIn(table, slice).some((cell) => marks[cell] === 'fine')) {
        if (candidate > own) isBlockedUp = true;
        else isBlockedDown = true;
      } else box = box.map((classes, other) => (other === at ? [...classes, candidate].sort((left, right) => left - right) : classes));
    }
  }
  return box;
}

function cellsIn(table: ClaimTable, box: Box): readonly number[] {
  return box.reduce<readonly number[]>(
    (found, classes, at) => found.flatMap((cell) => classes.map((one) => cell * (table.axes[at]?.size ?? 1) + one)),
    [0],
  );
}

function describe(table: ClaimTable, box: Box): string {
  const parts = box.flatMap((classes, at) => {
    const axis = table.axes[at];
    return axis === undefined || classes.length === axis.size ? [] : [axis.describe(classes)];
  });
  return parts.length === 0 ? 'every claim' : parts.join(', ');
}
