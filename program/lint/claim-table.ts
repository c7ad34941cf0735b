import type { Condition, Holds } from '../condition.ts';
import type { Program } from '../definition/program.ts';
import { allowedKinds } from '../rules/partner-not-eligible.ts';
import { answerAxis, describePosition, isAmong, lineAxis, nominalAxis, placeAxis, positionsOf, type Axis, type Position } from './axis.ts';
import { quantityAxis, receiptAxis, valueAxis, type Domain } from './band-axis.ts';

/** More combinations, or looks of rows at combinations, than these are not enumerated: the linter says so instead of taking minutes. */
const MOST_CELLS = 100_000;
const MOST_LOOKS = 5_000_000;

/** Rows with conditions, and all kinds of claims that they have to tell apart. */
export interface ClaimTable {
  readonly axes: readonly Axis[];
  readonly rowCount: number;
  /** Combinations of one class of every axis. */
  readonly cellCount: number;
  readonly classOf: (cell: number, axis: number) => number;
  readonly holds: (row: number, cell: number) => Holds;
  /** False for combinations that no claim can have: who may not register this kind at all. */
  readonly isPossible: (cell: number) => boolean;
}

export interface TableLimits {
  readonly value: Domain;
  readonly quantity: Domain;
}

/** All values above zero, and any number of units. */
export const UNLIMITED: TableLimits = { value: { first: 1n, last: null }, quantity: { first: 1n, last: null } };

/**
 * Enumerates the claims that `conditions` may meet: of every axis the classes that the rows treat alike, exact to the minor unit and the unit.
 * `lineSets`: the sets of product lines that claims are taken to have. Null where there are too many combinations.
 */
export function tabulate(
  program: Program,
  conditions: readonly Condition[],
  limits: TableLimits,
  lineSets: readonly (readonly string[])[] = program.productLines.map(({ id }) => [id]),
): ClaimTable | null {
  if (lineSets.length > MOST_CELLS) return null;
  const positions = positionsOf(program);
  const kinds = program.kinds.map(({ id }) => id);
  // A program without types still has partners; what they are called then is nothing that a row could name.
  const types = program.types.length === 0 ? [''] : program.types.map(({ id }) => id);
  const all = [
    nominalAxis(
      'kind',
      kinds,
      (kind) => kind,
      (when, kind) => isAmong(when.kinds, kind),
    ),
    nominalAxis(
      'partner type',
      types,
      (type) => type,
      (when, type) => isAmong(when.types, type),
    ),
    nominalAxis('track', positions, describePosition, holdsAt),
    lineAxis(lineSets),
    placeAxis(program, conditions),
    valueAxis(program, conditions, limits.value),
    quantityAxis(conditions, limits.quantity),
    receiptAxis(program, conditions),
    ...program.intake.map((fact) => answerAxis(fact, conditions)),
  ];
  const merged = all.map((axis) => mergeClasses(axis, conditions));
  const axes = merged.map(({ axis }) => axis);
  const cellCount = axes.reduce((product, { size }) => product * size, 1);
  if (cellCount > MOST_CELLS || cellCount * conditions.length > MOST_LOOKS) return null;

  const strides = axes.map((_axis, at) => axes.slice(at + 1).reduce((product, { size }) => product * size, 1));
  const classOf = (cell: number, axis: number): number => Math.floor(cell / (strides[axis] ?? 1)) % (axes[axis]?.size ?? 1);
  const held = conditions.map((when) => holdsByCell(when, axes, cellCount, classOf));
  const [kindMembers = [], typeMembers = [], positionMembers = []] = merged.map(({ members }) => members);
  const isEligible = eligibility(program, kinds, types, positions);
  const possible = new Map<string, boolean>();
  return {
    axes,
    rowCount: conditions.length,
    cellCount,
    classOf,
    holds: (row, cell) => HELD[held[row]?.[cell] ?? 0] ?? 'no',
    isPossible: (cell) => {
      const [kind, type, position] = [classOf(cell, 0), classOf(cell, 1), classOf(cell, 2)];
      const key = `${kind} ${type} ${position}`;
      const known = possible.get(key);
      if (known !== undefined) return known;
      const found = (kindMembers[kind] ?? []).some((aKind) =>
        (typeMembers[type] ?? []).some((aType) => (positionMembers[position] ?? []).some((at) => isEligible(aKind, aType, at))),
      );
      possible.set(key, found);
      return found;
    },
  };
}

const HELD: readonly Holds[] = ['no', 'unknown', 'yes'];

/** What a condition says of every cell, as places in `HELD`: the least of what it says on each axis. */
function holdsByCell(when: Condition, axes: readonly Axis[], cellCount: number, classOf: ClaimTable['classOf']): Uint8Array {
  const found = new Uint8Array(cellCount).fill(2);
  for (const [at, axis] of axes.entries()) {
    const byClass = Array.from({ length: axis.size }, (_, one) => HELD.indexOf(axis.holds(when, one)));
    // An axis that the row does not look at changes nothing.
    if (byClass.every((one) => one === 2)) continue;
    for (let cell = 0; cell < cellCount; cell += 1) found[cell] = Math.min(found[cell] ?? 0, byClass[classOf(cell, at)] ?? 0);
  }
  return found;
}

function holdsAt(when: Condition, { track, tier }: Position): Holds {
  return isAmong(when.tracks, track) === 'yes' && isAmong(when.tiers, tier) === 'yes' ? 'yes' : 'no';
}

/** Puts classes together that all rows treat alike; those of an ordered axis are cut that way already. */
function mergeClasses(
  axis: Axis,
  conditions: readonly Condition[],
): { readonly axis: Axis; readonly members: readonly (readonly number[])[] } {
  const singles = Array.from({ length: axis.size }, (_, at) => [at] as const);
  if (axis.isOrdered) return { axis, members: singles };
  const groups = new Map<string, number[]>();
  for (const [at] of singles) {
    const signature = conditions.map((when) => axis.holds(when, at)[0]).join('');
    groups.set(signature, [...(groups.get(signature) ?? []), at]);
  }
  const members = [...groups.values()];
  return {
    members,
    axis: {
      ...axis,
      size: members.length,
      holds: (when, group) => axis.holds(when, members[group]?.[0] ?? 0),
      describe: (chosen) => axis.describe(chosen.flatMap((group) => members[group] ?? [])),
    },
  };
}

/** Who may register what. Where no rule asks that, everybody may register everything. */
function eligibility(program: Program, kinds: readonly string[], types: readonly string[], positions: readonly Position[]) {
  const isAsked = program.rules.order.some(({ id }) => id === 'C18_partner_not_eligible');
  const allowed = types.map((type) => positions.map((position) => new Set(allowedKinds(program, { type, ...position }))));
  return (kind: number, type: number, position: number): boolean =>
    !isAsked || (allowed[type]?.[position]?.has(kinds[kind] ?? '') ?? false);
}
