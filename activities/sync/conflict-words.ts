import type { CaseState } from '../../program/case-life.ts';
import { listText } from '../../program/notification/plain-text.ts';
import { readCasesOf, readMembers } from '../../store/conflict-case.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { readRegistrations } from '../../store/registration.ts';

/**
 * What stands against each registration while people settle it, for insiders: who claims reads what was found, who held the position before reads who claims it now. What is
 * settled stands against nobody any more. Registrations without a conflict are left out.
 */
export async function describeConflicts(db: Database | Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const summaries = new Map<string, string[]>();
  for (const { registrationId, side, conflict } of await readCasesOf(db, ids)) {
    if (conflict.state.status === 'resolved') continue;
    const { state } = conflict;
    const summary =
      state.status === 'appealed' && state.outcome !== null
        ? await nameAppealed(db, state.outcome)
        : side === 'claimant'
          ? conflict.summary
          : await nameClaimants(db, conflict.id);
    summaries.set(registrationId, [...(summaries.get(registrationId) ?? []), summary]);
  }
  return new Map([...summaries].map(([id, found]) => [id, found.join(' · ')]));
}

async function nameClaimants(db: Database | Transaction, caseId: string): Promise<string> {
  const claimants = (await readMembers(db, caseId)).filter(({ side }) => side === 'claimant').map(({ registrationId }) => registrationId);
  return `Claimed by ${listText(await nameEach(db, claimants))} as well: a person settles whose it is.`;
}

/** An outcome that was appealed stands until somebody else has heard it. */
async function nameAppealed(db: Database | Transaction, { kind, registrationId }: NonNullable<CaseState['outcome']>): Promise<string> {
  const [named] = registrationId === null ? [] : await nameEach(db, [registrationId]);
  const outcome = named === undefined ? `The outcome (${kind.replace('_', '-')})` : `The outcome (${kind.replace('_', '-')} to ${named})`;
  return `${outcome} is heard again, on new evidence.`;
}

async function nameEach(db: Database | Transaction, claimants: readonly string[]): Promise<readonly string[]> {
  const registrations = await readRegistrations(db, claimants);
  const partners = await readPartners(
    db,
    registrations.map(({ partnerId }) => partnerId),
  );
  return claimants.flatMap((id) => {
    const registration = registrations.find(({ registrationId }) => registrationId === id);
    const partner = partners.find(({ partnerId }) => partnerId === registration?.partnerId);
    return registration === undefined ? [] : [`${registration.externalId} of partner ${partner?.name ?? 'unknown'}`];
  });
}
