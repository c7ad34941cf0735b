import { becomesPrimary } from '../../program/conversion.ts';
import type { Program } from '../../program/definition/program.ts';
import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import { mayBePrimary, openApprovals } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { readCasesOf } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { forgetLeft } from '../../store/left-opportunity.ts';
import { recordLoss } from '../../store/lost-opportunity.ts';
import {
  lockOpportunities,
  queuePrimaries,
  readLinkedRegistrations,
  readOpportunityLinks,
  removeOpportunityLink,
  saveOpportunityLink,
  setPrimary,
} from '../../store/opportunity-link.ts';
import { enqueue } from '../../store/outbox.ts';
import { readPlaces, type KnownPlace } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import type { Registration } from '../../store/registration.ts';
import { resolveIssues } from '../../store/sync-issue.ts';
import type { ActivityDependencies } from './dependencies.ts';

type Programs = Pick<ActivityDependencies, 'programs'>;

/** The part of a registration that its links depend on. */
export type Linked = Pick<Registration, 'registrationId' | 'programVersion' | 'state'>;

export interface LinkChange {
  readonly connection: string;
  /** Null: the link is taken away. */
  readonly opportunity: string | null;
  /** Null: as the program says, and never in the place of another one. */
  readonly primary: boolean | null;
  /** A user, `program`, or the connection in which somebody did it. */
  readonly by: string;
  readonly at: Instant;
  /**
   * `command`: our side decided it, and the record in the CRM is to be told. `crm`: it was read there. `covered`: it was read there and our write stands over it.
   * `followed`: the opportunity itself was deleted, merged or brought back.
   */
  readonly from: 'command' | 'crm' | 'covered' | 'followed';
  /** For the audit, where it is not plain. */
  readonly because?: 'deleted' | 'merged' | 'made' | 'restored';
}

export interface LinkedNow {
  /** How it stood before; null where it had no place in that CRM. */
  readonly before: KnownPlace | null;
  readonly isPrimary: boolean;
  /** The registration that was the primary and is not any more. */
  readonly displaced: string | null;
}

/**
 * Links a locked registration to an opportunity, or takes its link away, with what follows for the others that are linked there: at most one of them is the primary,
 * and where the primary leaves, the first of the approved ones takes its place. Both opportunities are marked so that sync writes who is the primary now.
 *
 * What it means for the claim (closing, judging it again) is the caller's.
 */
export async function linkOpportunity(trx: Transaction, deps: Programs, registration: Linked, change: LinkChange): Promise<LinkedNow> {
  const { registrationId } = registration;
  const { connection, opportunity } = change;
  const old = (await readPlaces(trx, connection, [registrationId])).get(registrationId)?.opportunity ?? null;
  const concerned = [old, opportunity].filter((id) => id !== null);
  await lockOpportunities(trx, connection, concerned);
  // Another transaction may have changed who is the primary until the lock was given.
  const before = (await readPlaces(trx, connection, [registrationId])).get(registrationId) ?? null;
  const primary = opportunity === null ? null : await primaryAt(trx, deps, registration, change);
  const displaced = primary === null || !primary.isOwn ? null : primary.other;
  if (displaced !== null && opportunity !== null) await demote(trx, displaced, change);

  const commandedAt = change.from === 'crm' ? null : change.at;
  if (opportunity === null) await removeOpportunityLink(trx, registrationId, connection, commandedAt);
  else {
    await saveOpportunityLink(trx, {
      registrationId,
      connection,
      opportunity,
      isPrimary: primary?.isOwn ?? false,
      linkedAt: change.at,
      linkedBy: change.by,
      commandedAt,
    });
    await forgetLeft(trx, registrationId, connection);
    await resolveIssues(trx, connection, 'opportunity', 'write', { localIds: [registrationId] }, change.at);
  }
  const isLeft = old !== null && old !== opportunity && before !== null && before.isPrimary;
  if (isLeft) await promoteNext(trx, deps, connection, old, change.at);
  if (isLeft && (change.from === 'crm' || change.from === 'covered')) {
    const how = opportunity === null ? 'unlinked' : 'relinked';
    await recordLoss(trx, { registrationId, connection, opportunity: old, how, at: change.at, by: change.by });
  }
  const isPrimary = primary?.isOwn ?? false;
  const isNews = opportunity !== null && (displaced !== null || isPrimary !== (old === opportunity && (before?.isPrimary ?? false)));
  if (old !== opportunity && openApprovals(registration.state).length > 0) {
    // Whose opportunity it is decides nothing about it any more.
    const payload = { reevaluate: false, reconsider: true };
    await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload });
  }
  if (old !== opportunity) {
    // Whoever holds a contested position is a side of the case as well, and waits for nothing.
    const cases = (await readCasesOf(trx, [registrationId])).filter(({ conflict }) => conflict.state.approval !== null);
    for (const { conflict } of cases)
      await enqueue(trx, caseWorkflowId(conflict.id), { kind: 'refresh_case', payload: { reconsider: true } });
  }
  await queuePrimaries(trx, connection, [...(isLeft ? [old] : []), ...(isNews ? [opportunity] : [])]);
  if (change.from !== 'crm') await queuePush(trx, [connection], 'registration', [registrationId]);
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: kindOf(old, opportunity),
    actor: change.by,
    details: {
      connection,
      opportunity,
      before: old,
      primary: isPrimary,
      ...(change.because === undefined ? {} : { because: change.because }),
    },
    at: change.at,
  });
  if (primary !== null && primary.other !== null && !isPrimary && old !== opportunity && mayBePrimary(registration.state.status)) {
    await tellPrimary(trx, primary.other, registrationId, change);
  }
  return { before, isPrimary, displaced };
}

/** Another approved registration stands beside the primary now: whose deal it is may be asked. */
async function tellPrimary(
  trx: Transaction,
  primary: string,
  beside: string,
  { connection, opportunity, by, at }: LinkChange,
): Promise<void> {
  const details = { connection, opportunity, beside };
  await recordAudit(trx, { subject: registrationWorkflowId(primary), kind: 'another linked beside', actor: by, details, at });
}

function kindOf(before: string | null, now: string | null): string {
  if (now === null) return 'opportunity unlinked';
  return before === null || before === now ? 'opportunity linked' : 'opportunity relinked';
}

/** A version that nobody knows any more leaves a registration where it is, and says nothing against its links. */
function primaryRule(deps: Programs, programVersion: string): Program['conversion']['primary'] {
  return deps.programs.byVersion(programVersion)?.conversion.primary ?? 'first_approved';
}

/** Whether the registration becomes the primary, and who else is it now. */
async function primaryAt(
  trx: Transaction,
  deps: Programs,
  { registrationId, programVersion, state }: Linked,
  { connection, opportunity, primary }: LinkChange,
): Promise<{ readonly isOwn: boolean; readonly other: string | null }> {
  const linked = await readLinkedRegistrations(trx, connection, opportunity ?? '');
  const other = linked.find((one) => one.isPrimary && one.registrationId !== registrationId)?.registrationId ?? null;
  const wasOwn = linked.some((one) => one.isPrimary && one.registrationId === registrationId);
  const isEligible = mayBePrimary(state.status);
  const isOwn =
    primary === null && wasOwn && isEligible
      ? true
      : becomesPrimary({ rule: primaryRule(deps, programVersion), isEligible, other, wanted: primary });
  return { isOwn, other };
}

async function demote(trx: Transaction, registrationId: string, { connection, opportunity, by, at }: LinkChange): Promise<void> {
  await setPrimary(trx, registrationId, connection, false);
  const details = { connection, opportunity, primary: false };
  await recordAudit(trx, { subject: registrationWorkflowId(registrationId), kind: 'primary changed', actor: by, details, at });
}

/** The opportunity has lost its primary: the first of the approved registrations that are linked there takes its place, where its program does not leave that to people. */
async function promoteNext(trx: Transaction, deps: Programs, connection: string, opportunity: string, at: Instant): Promise<void> {
  const linked = await readLinkedRegistrations(trx, connection, opportunity);
  const next = linked.find(({ status, programVersion }) => mayBePrimary(status) && primaryRule(deps, programVersion) === 'first_approved');
  if (next !== undefined) await promote(trx, next.registrationId, connection, opportunity, at);
}

async function promote(trx: Transaction, registrationId: string, connection: string, opportunity: string, at: Instant): Promise<void> {
  await setPrimary(trx, registrationId, connection, true);
  const details = { connection, opportunity, primary: true };
  await recordAudit(trx, { subject: registrationWorkflowId(registrationId), kind: 'primary changed', actor: 'program', details, at });
}

/**
 * The links of a registration after it was approved, or is not any more. An approved one becomes the primary of its opportunities where they have none; one that
 * ended stays linked and leaves its place to the next.
 */
export async function followPrimary(trx: Transaction, deps: Programs, registration: Linked, at: Instant): Promise<void> {
  const { registrationId, state } = registration;
  const isEligible = mayBePrimary(state.status);
  for (const { connection, opportunity, isPrimary } of await readOpportunityLinks(trx, [registrationId])) {
    await lockOpportunities(trx, connection, [opportunity]);
    const change = { connection, opportunity, primary: null, by: 'program', at, from: 'crm' } as const;
    const { isOwn } = await primaryAt(trx, deps, registration, change);
    if (isEligible === isPrimary || (isEligible && !isOwn)) continue;
    if (isEligible) await promote(trx, registrationId, connection, opportunity, at);
    else {
      await demote(trx, registrationId, change);
      await promoteNext(trx, deps, connection, opportunity, at);
    }
    await queuePrimaries(trx, connection, [opportunity]);
  }
}
