import { normalizeCountry } from '../../program/customer-key.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RuleId } from '../../program/rules/catalogue.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudits } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import {
  findLinkedTo,
  findProtectedAt,
  readAccountCustomers,
  type MirroredOpportunity,
  type ProtectedAt,
} from '../../store/noticed-opportunity.ts';
import { measureLinks } from '../../store/opportunity-link.ts';
import { enqueueEach } from '../../store/outbox.ts';
import { readPartnerOpportunities } from '../../store/place.ts';
import { identityKeys } from '../../store/receipt.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { followRemoval } from './follow-removal.ts';
import { followReturn } from './follow-return.ts';

/** One opportunity as it was in the mirror, and as it was captured. */
export interface CapturedOpportunity {
  /** Null: it was not known. */
  readonly before: MirroredOpportunity | null;
  readonly now: MirroredOpportunity;
}

/**
 * What captured opportunities mean for approved registrations: those that are linked to them, and those whose customer they stand at. It is a few statements for a
 * page, however many rows it has; only what concerns a registration costs more.
 *
 * Each change is told once, since the mirror remembers it. It is always in the audit; the registration is judged again where its program has a rule about it (C26 for
 * what is linked, C27 for what goes past it), and nothing else happens to it.
 */
export async function noticeOpportunities(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  captured: readonly CapturedOpportunity[],
): Promise<void> {
  const at = deps.now();
  await followRemoval(
    trx,
    deps,
    connection,
    captured.flatMap(({ now }) => (now.isDeleted ? [now] : [])),
  );
  const alive = captured.filter(({ now }) => !now.isDeleted);
  await followReturn(
    trx,
    deps,
    connection,
    alive.flatMap(({ before, now }) => (before?.isDeleted === true ? [now.remoteId] : [])),
  );
  await measureLinks(
    trx,
    connection,
    alive.map(({ now }) => now.remoteId),
    at,
  );
  await noticeDrift(trx, deps, connection, alive, at);
  await noticeBypass(trx, deps, connection, alive, at);
}

/** The amount or the account of a linked opportunity changed. How far is for the rule to say. */
async function noticeDrift(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  captured: readonly CapturedOpportunity[],
  at: Instant,
): Promise<void> {
  const changes = new Map(
    captured.flatMap(({ before, now }) => {
      if (before === null) return [];
      const fields = [...(before.amount === now.amount ? [] : ['amount']), ...(before.account === now.account ? [] : ['account'])];
      return fields.length === 0 ? [] : [[now.remoteId, fields] as const];
    }),
  );
  const linked = await findLinkedTo(trx, connection, [...changes.keys()], 'approved');
  await recordAudits(
    trx,
    linked.map(({ registrationId, opportunity }) => ({
      subject: registrationWorkflowId(registrationId),
      kind: 'linked opportunity changed',
      actor: connection,
      details: { connection, opportunity, fields: changes.get(opportunity) ?? [] },
      at,
    })),
  );
  await askRule(trx, deps, linked, 'C26_drift');
}

/** Opportunities that came to a customer, or were won there, without a partner, while somebody is protected. */
async function noticeBypass(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  captured: readonly CapturedOpportunity[],
  at: Instant,
): Promise<void> {
  const news = captured.flatMap(({ before, now }) => {
    const isNew = before === null || before.isDeleted || before.account !== now.account;
    const isWon = before !== null && !before.isWon && now.isWon;
    return now.account !== null && (isNew || isWon) ? [{ opportunity: now, account: now.account, isNew, isWon }] : [];
  });
  if (news.length === 0) return;
  const holders = await findHolders(
    trx,
    deps,
    connection,
    news.map(({ account }) => account),
  );
  if (holders.length === 0) return;
  const taken = await readPartnerOpportunities(
    trx,
    connection,
    news.map(({ opportunity }) => opportunity.remoteId),
  );
  const passed = news.flatMap(({ opportunity, account, isNew, isWon }) => {
    if (taken.has(opportunity.remoteId)) return [];
    return holders.flatMap((holder) => {
      if (holder.account !== account) return [];
      const wasOpened = isNew && isWithin(opportunity.createdAt, holder);
      if (!wasOpened && !(isWon && isWithin(at, holder))) return [];
      return [{ holder, opportunity: opportunity.remoteId, kind: wasOpened ? 'direct opportunity opened' : 'direct opportunity won' }];
    });
  });
  await recordAudits(
    trx,
    passed.map(({ holder, opportunity, kind }) => ({
      subject: registrationWorkflowId(holder.registrationId),
      kind,
      actor: connection,
      details: { connection, opportunity },
      at,
    })),
  );
  await askRule(
    trx,
    deps,
    passed.map(({ holder }) => holder),
    'C27_bypass',
  );
}

async function findHolders(
  trx: Transaction,
  { freeMailDomains }: ActivityDependencies,
  connection: string,
  accounts: readonly string[],
): Promise<readonly ProtectedAt[]> {
  const ids = [...new Set(accounts)];
  const known = (await readAccountCustomers(trx, connection, ids)).map(({ account, nameKey, customer }) => ({
    account,
    nameKey,
    keys: identityKeys(customer, freeMailDomains),
    country: normalizeCountry(customer.country) ?? '',
  }));
  return findProtectedAt(trx, connection, ids, known);
}

function isWithin(at: Instant, { approvedAt, until }: ProtectedAt): boolean {
  return Date.parse(approvedAt) <= Date.parse(at) && Date.parse(at) < Date.parse(until);
}

/** Has approved registrations judged again, each once, where its program has the rule. */
export async function askRule(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'programs'>,
  registrations: readonly Pick<Registration, 'registrationId' | 'programVersion'>[],
  rule: RuleId,
): Promise<void> {
  const asked = registrations.filter(
    ({ programVersion }) => deps.programs.byVersion(programVersion)?.rules.order.some(({ id }) => id === rule) ?? false,
  );
  const subjects = [...new Set(asked.map(({ registrationId }) => registrationWorkflowId(registrationId)))];
  await enqueueEach(trx, subjects, { kind: 'refresh_registration', payload: { reevaluate: true } });
}
