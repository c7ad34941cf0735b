import type { Program } from '../../program/definition/program.ts';
import { namedPeople } from '../../program/approval/named-people.ts';
import type { QuestionKind } from '../../program/approval/question.ts';
import type { Staff } from '../../program/approval/staff.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { readAbsences } from '../../store/absence.ts';
import type { Transaction } from '../../store/database.ts';
import { readInactive, readManagement } from '../../store/people.ts';
import { readLinkedOwners, readOpportunityOwner } from '../../store/place.ts';
import { readSubmitters } from '../../store/registration.ts';

/** What a question is about: these registrations, the opportunity that a case contests, and who asked for what is asked. */
export interface Subject {
  readonly kind: QuestionKind;
  readonly registrationIds: readonly string[];
  readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
  readonly askedBy: string | null;
  readonly customers: readonly { readonly country: string; readonly region: string | null; readonly productLines: readonly string[] }[];
}

/**
 * Who is there for a question, who is gone or away, and who has a stake in it, as it is known now.
 *
 * A stake has: who entered the registration or asked for this, who owns an opportunity that is linked or contested, and, where the program says so, whom these report to
 * and whose own quota a case touches. A user whom no CRM knows is not gone: people are named by the program before the first sync.
 */
export async function readStaff(trx: Transaction, program: Program, subject: Subject, at: Instant): Promise<Staff> {
  const { registrationIds, opportunity, askedBy } = subject;
  const contested = opportunity === null ? null : await readOpportunityOwner(trx, opportunity.connection, opportunity.remoteId);
  const owners = [...(await readLinkedOwners(trx, registrationIds)), ...(contested === null ? [] : [contested])];
  const own = new Map([
    ...(await readSubmitters(trx, registrationIds)).map((alias) => [alias, 'they entered the registration themselves'] as const),
    ...(askedBy === null ? [] : [[askedBy, 'they asked for it themselves'] as const]),
    ...owners.map((alias) => [alias, 'the opportunity in question is their own'] as const),
  ]);
  const { managementChain, quota } = program.governance.separation;
  const above =
    managementChain === 'none' ? [] : await readManagement(trx, [...own.keys()], managementChain === 'manager' ? 1 : MOST_LEVELS);
  const touched = subject.kind === 'case' && quota ? quotaHolders(program, subject) : [];
  return {
    conflicted: new Map([
      ...touched.map((alias) => [alias, 'their own quota is touched'] as const),
      ...above.map((alias) => [alias, 'whose own it is reports to them'] as const),
      ...own,
    ]),
    inactive: new Set(await readInactive(trx, namedPeople(program))),
    absences: await readAbsences(trx, at),
  };
}

/** More than any company has; a circle of managers ends here. */
const MOST_LEVELS = 20;

/** Who is paid for selling directly what one of the customers buys. A quota that names nothing in one respect is for all in that respect. */
function quotaHolders({ governance }: Program, { customers }: Subject): readonly string[] {
  const isIn = (list: readonly string[], values: readonly string[]): boolean =>
    list.length === 0 || values.some((value) => list.includes(value));
  return governance.people.flatMap(({ alias, quota }) =>
    quota !== null &&
    customers.some(
      ({ country, region, productLines }) =>
        isIn(quota.territories, [country]) &&
        isIn(quota.regions, region === null ? [] : [region]) &&
        isIn(quota.productLines, productLines),
    )
      ? [alias]
      : [],
  );
}
