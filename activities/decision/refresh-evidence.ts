import { ApplicationFailure } from '@temporalio/activity';
import { leastSimilarity, matchCustomers } from '../../program/customer-identity.ts';
import { customerDomain } from '../../program/customer-key.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { findAccountCandidates } from '../../store/evidence.ts';
import type { Registration } from '../../store/registration.ts';
import { readCursor } from '../../store/sync-cursor.ts';
import { saveMirrored } from '../sync/mirror-record.ts';
import { stageNamesOf } from '../sync/stage-name.ts';
import type { ActivityDependencies, Connection } from './dependencies.ts';
import { pinnedProgram } from './pinned-program.ts';

/**
 * Reads the decisive records again just before a verdict: the opportunities at the accounts that may be the customer.
 *
 * The CRM gets the time that the program declares. Where it does not answer, a mirror that is young enough decides instead;
 * an older one does not: the claim stays as it is and is tried again (`EVIDENCE_TOO_OLD`).
 */
export async function refreshEvidence(deps: ActivityDependencies, registration: Registration): Promise<void> {
  for (const [name, connection] of deps.connections) {
    const refreshed = await refreshFrom(deps, name, connection, registration);
    if (!refreshed) await requireYoungMirror(deps, name, registration);
  }
}

async function refreshFrom(
  deps: ActivityDependencies,
  name: string,
  { port, mapping }: Connection,
  registration: Registration,
): Promise<boolean> {
  const program = pinnedProgram(deps, registration);
  const accounts = await candidateAccounts(deps, name, registration);
  // Without a candidate there is nothing to read again; that there is none is known from the mirror.
  if (accounts.length === 0) return false;
  const read = async (): Promise<void> => {
    const object = mapping.opportunity;
    const accountField = object.fields.find((field) => field.ours === 'account')?.theirs ?? '';
    const rows = await port.find(object.object, accountField, accounts, remoteFieldsOf(object));
    const stages = await stageNamesOf({ port, mapping });
    await deps.db.transaction().execute((trx) => saveMirrored(trx, deps, name, 'opportunity', rows, stages, deps.now()));
  };
  try {
    await within(program.evidence.refreshTimeoutMs, read());
    return true;
  } catch (error) {
    deps.log.warn(
      { connection: name, registrationId: registration.registrationId, err: error },
      'evidence was not read again; the mirror decides if it is young enough',
    );
    return false;
  }
}

async function candidateAccounts(deps: ActivityDependencies, name: string, registration: Registration): Promise<readonly string[]> {
  const program = pinnedProgram(deps, registration);
  const domain = customerDomain(registration.customer.domain, deps.freeMailDomains)?.name ?? null;
  const candidates = await deps.db
    .transaction()
    .execute((trx) => findAccountCandidates(trx, domain, registration.customerNameKey, leastSimilarity(program.matching)));
  return candidates
    .filter((candidate) => candidate.connection === name)
    .filter((candidate) => {
      const match = matchCustomers(
        registration.customer,
        candidate.customer,
        candidate.nameSimilarity,
        deps.freeMailDomains,
        program.matching,
      );
      return match !== null && match.band !== 'weak';
    })
    .map((candidate) => candidate.remoteId);
}

async function requireYoungMirror(deps: ActivityDependencies, name: string, registration: Registration): Promise<void> {
  const program = pinnedProgram(deps, registration);
  const maxAgeMs = program.evidence.mirrorMaxAgeMinutes * 60_000;
  for (const objectType of ['account', 'opportunity'] as const) {
    const { pulledAt } = await readCursor(deps.db, name, objectType);
    const ageMs = pulledAt === null ? Number.POSITIVE_INFINITY : Date.parse(deps.now()) - Date.parse(pulledAt);
    if (ageMs <= maxAgeMs) continue;
    throw ApplicationFailure.create({
      type: 'EVIDENCE_TOO_OLD',
      message: `the ${objectType} mirror of ${name} was last complete ${pulledAt ?? 'never'}; the program takes at most ${program.evidence.mirrorMaxAgeMinutes} minutes`,
    });
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
