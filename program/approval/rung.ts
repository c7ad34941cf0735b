import type { SilenceAnswer } from '../definition/governance.ts';
import type { Program } from '../definition/program.ts';
import type { Duration } from '../duration.ts';
import { compareMoney } from '../money.ts';
import type { Money } from '../vocabulary.ts';

/** A role that decides, on the ladder or at a desk beside it. `above`: the role that is asked next; null at the top. */
export interface Rung {
  readonly role: string;
  readonly approvalLimit: string | null;
  readonly deadline: Duration;
  readonly silence: SilenceAnswer;
  readonly reminders: readonly Duration[];
  readonly above: string | null;
}

/** A role that decides nowhere is a bug of the caller: definitions are checked for it. */
export function rungOf({ governance, id }: Program, role: string): Rung {
  const { ladder, desks } = governance;
  const at = ladder.findIndex((rung) => rung.role === role);
  const rung = ladder[at];
  if (rung !== undefined) return { ...rung, above: ladder[at + 1]?.role ?? null };
  const desk = desks.find((candidate) => candidate.role === role);
  if (desk === undefined) throw new RangeError(`role ${role} is not on the ladder of program ${id}, and no desk of it`);
  return { ...desk, above: desk.escalatesTo };
}

/** The roles from `role` up to the top, itself first. */
export function rolesFrom(program: Program, role: string): readonly string[] {
  const roles: string[] = [];
  for (let next: string | null = role; next !== null; next = rungOf(program, next).above) roles.push(next);
  return roles;
}

export function membersOf({ governance }: Program, role: string): readonly string[] {
  return governance.roles.find((candidate) => candidate.id === role)?.members ?? [];
}

/** Whether what `held` may approve includes what `needed` approves: the ladder says so. A desk includes nothing but itself. */
export function covers(program: Program, held: string, needed: string): boolean {
  const { ladder } = program.governance;
  const rank = (role: string): number => ladder.findIndex((rung) => rung.role === role);
  return held === needed || (rank(needed) >= 0 && rank(held) >= rank(needed));
}

/** The roles that the person decides in, on the ladder from below and then at desks. */
export function rolesOf(program: Program, alias: string): readonly string[] {
  const { ladder, desks } = program.governance;
  return [...ladder, ...desks].map(({ role }) => role).filter((role) => membersOf(program, role).includes(alias));
}

/**
 * Whether `alias` may say yes to a value in `role`: within the limit of the role and the person's own, the limit itself included. No value: no limit is held against it.
 * Whether the person is of that role is not asked: partners' managers decide in the first one without being members.
 */
export function mayApproveIn(program: Program, role: string, alias: string, value: Money | null): boolean {
  return mayRoleApprove(program, role, value) && isWithinLimit(ownLimit(program, alias), value);
}

/** Whether the role itself reaches as far as the value. */
export function mayRoleApprove(program: Program, role: string, value: Money | null): boolean {
  return isWithinLimit(rungOf(program, role).approvalLimit, value);
}

/**
 * Whether `alias` may say yes to a value by any right of its own: a role that decides, or a limit that the program declares for the person. Who has neither answers
 * nothing in anybody's place, since the lower of both limits holds.
 */
export function mayApproveAlone(program: Program, alias: string, value: Money | null): boolean {
  const roles = rolesOf(program, alias);
  if (roles.length > 0) return roles.some((role) => mayApproveIn(program, role, alias, value));
  const limit = ownLimit(program, alias);
  return limit !== null && isWithinLimit(limit, value);
}

/** Whether somebody who answers in `role` may say yes to a value; whoever stands in for somebody else within the lower of both limits. */
export function reachesAsFar(
  program: Program,
  role: string,
  { alias, onBehalfOf }: { readonly alias: string; readonly onBehalfOf: string | null },
  value: Money | null,
): boolean {
  if (onBehalfOf !== null) return mayApproveIn(program, role, onBehalfOf, value) && mayApproveAlone(program, alias, value);
  const above = rolesOf(program, alias).filter((held) => covers(program, held, role));
  return [role, ...above].some((held) => mayApproveIn(program, held, alias, value));
}

function ownLimit(program: Program, alias: string): string | null {
  return personOf(program, alias)?.approvalLimit ?? null;
}

/** What the program knows of a user beyond the roles; undefined where it says nothing. */
export function personOf({ governance }: Program, alias: string): Program['governance']['people'][number] | undefined {
  return governance.people.find((person) => person.alias === alias);
}

function isWithinLimit(limit: string | null, value: Money | null): boolean {
  return limit === null || value === null || compareMoney(value, { amount: limit, currency: value.currency }) <= 0;
}
