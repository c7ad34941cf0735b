import type { Program } from '../definition/program.ts';
import type { Money } from '../vocabulary.ts';
import type { Asking } from './asking.ts';
import type { PlannedStep, ShareOfWork } from './planned-stage.ts';
import type { Question } from './question.ts';
import { mayApproveAlone, mayApproveIn, membersOf, rolesFrom, rolesOf, personOf } from './rung.ts';
import { absenceAt } from './staff.ts';

/** Somebody who is free to answer, in the own name or in that of somebody who is away. */
export interface Candidate {
  readonly alias: string;
  readonly onBehalfOf: string | null;
}

/**
 * Who could be asked in `role` now, the preferred one first.
 *
 * Whoever has a stake in what is asked is passed over, and so is who would stand in for such a person: a conflict is not lifted by being away. Who is away or gone is
 * replaced by the delegate of the absence, otherwise by the declared deputy, who answers within the lower of both limits. Without either, the next one is asked.
 */
export function candidatesFor(asking: Asking, role: string, planned: PlannedStep): readonly Candidate[] {
  const { program } = asking;
  const value = limitedValue(asking.question, planned);
  const free = preferred(asking, role, planned).flatMap((alias): readonly Candidate[] => {
    if (asking.staff.conflicted.has(alias) || !mayApproveIn(program, role, alias, value)) return [];
    if (isThere(asking, alias)) return [{ alias, onBehalfOf: null }];
    const standIn = standInFor(asking, alias, value);
    return standIn === null ? [] : [{ alias: standIn, onBehalfOf: alias }];
  });
  return free.filter(({ alias }, at) => free.findIndex((other) => other.alias === alias) === at);
}

/** The value that limits are held against; null where the step only endorses. */
export function limitedValue({ value }: Question, { endorses }: PlannedStep): Money | null {
  return endorses === true ? null : value;
}

/** Whether a person can be asked now: not gone, not away, no stake in it. */
export function isFree(asking: Asking, alias: string): boolean {
  return !asking.staff.conflicted.has(alias) && isThere(asking, alias);
}

/**
 * Who may answer what `role` is asked, beside those who are asked: the free members of that role and of those above, each within the own limit, and whoever stands in for
 * a member of that role (`standIns`: by alias, for whom).
 */
export function answerersFor(
  asking: Asking,
  role: string,
  planned: PlannedStep,
): { readonly aliases: readonly string[]; readonly standIns: Readonly<Record<string, string>> } {
  const { program, question, staff } = asking;
  const own = rolesFrom(program, role).flatMap((each) =>
    (each === role ? shareOf(program, membersOf(program, each), planned, question) : membersOf(program, each)).filter((alias) =>
      mayApproveIn(program, each, alias, limitedValue(question, planned)),
    ),
  );
  const mayAnswer = own.filter((alias) => !staff.conflicted.has(alias) && !staff.inactive.has(alias));
  const standIns = candidatesFor(asking, role, planned).filter(
    ({ alias, onBehalfOf }) => onBehalfOf !== null && !mayAnswer.includes(alias),
  );
  return {
    aliases: [...new Set([...mayAnswer, ...standIns.map(({ alias }) => alias)])],
    standIns: Object.fromEntries(standIns.map(({ alias, onBehalfOf }) => [alias, onBehalfOf as string])),
  };
}

/**
 * Whom a role means, before anybody is passed over. In the first role of the ladder that is the partner's own manager, if that user decides at all, then the default
 * manager, then the members. Whom the CRM names at the customer's account is asked whether a member or not.
 */
function preferred({ program, question }: Asking, role: string, planned: PlannedStep): readonly string[] {
  const { asks = 'members' } = planned;
  switch (asks) {
    case 'account_owner':
      return question.accountOwner === null ? [] : [question.accountOwner];
    case 'account_owner_manager':
      return question.accountOwnerManager === null ? [] : [question.accountOwnerManager];
    case 'queue':
      return shareOf(program, membersOf(program, role), planned, question);
    case 'members': {
      const { ladder, defaultManager } = program.governance;
      const members = membersOf(program, role);
      const isFirst = ladder[0]?.role === role;
      const { partnerManager } = question;
      const own = partnerManager !== null && rolesOf(program, partnerManager).length > 0 ? [partnerManager] : [];
      // Where the work is shared, whoever has the share comes first; the partner's manager is one of many then.
      const all = isFirst ? [...own, defaultManager, ...members] : members;
      return shareOf(program, [...new Set(all)], planned, question);
    }
  }
}

/** Those whose share of the work the question is in, in every respect that the step names. */
function shareOf(program: Program, aliases: readonly string[], { by = [] }: PlannedStep, question: Question): readonly string[] {
  return aliases.filter((alias) => by.every((share) => hasShare(program, alias, share, question)));
}

function hasShare(program: Program, alias: string, share: ShareOfWork, { region, country, productLines }: Question): boolean {
  const person = personOf(program, alias);
  switch (share) {
    case 'region':
      return region !== null && person?.regions.includes(region) === true;
    case 'territory':
      return person?.territories.includes(country) === true;
    case 'product_line':
      return productLines.some((line) => person?.productLines.includes(line) === true);
  }
}

/** Not gone and not away; whether the person has a stake is another question. */
function isThere(asking: Asking, alias: string): boolean {
  const { staff, question, at } = asking;
  return !staff.inactive.has(alias) && absenceAt(staff, alias, question, at) === null;
}

/** Who answers in the place of somebody who is not there: the delegate of the absence, otherwise the declared deputy; null where neither can. */
function standInFor(asking: Asking, alias: string, value: Money | null): string | null {
  const { program, question, staff, at } = asking;
  const delegate = absenceAt(staff, alias, question, at)?.delegate ?? null;
  const deputy = personOf(program, alias)?.deputy ?? null;
  const able = [delegate, deputy].filter(
    (standIn): standIn is string =>
      standIn !== null && standIn !== alias && isFree(asking, standIn) && mayApproveAlone(program, standIn, value),
  );
  return able[0] ?? null;
}
