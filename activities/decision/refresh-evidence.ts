import { ApplicationFailure } from '@temporalio/activity';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { withoutDomainOf } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import { evidenceNeed, type EvidenceNeed } from '../../program/evidence-need.ts';
import { readConnection } from '../../store/connection.ts';
import { readConcernedOpportunities } from '../../store/lost-opportunity.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import { readCursor } from '../../store/sync-cursor.ts';
import { saveMirrored } from '../sync/mirror-record.ts';
import { NO_STAGES, stagePlacesOf } from '../sync/opportunity-definition.ts';
import type { ActivityDependencies, Connection } from './dependencies.ts';
import { findRelativeAccounts } from './gather-relatives.ts';
import { findMatchedAccounts } from './matched-account.ts';
import { pinnedProgram } from './pinned-program.ts';

/**
 * Reads the decisive records again just before a verdict: the opportunities at the accounts that may be the customer, and what else the program asks for.
 *
 * The CRM gets the time that the program declares. Where it does not answer, or is paused, a mirror that is young enough decides instead;
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
  if (!(await isRunning(deps, name))) return false;
  const program = pinnedProgram(deps, registration);
  const need = evidenceNeed(program, registration.submittedAt);
  const accounts = await decisiveAccounts(deps, name, program, registration, need);
  const own = need.conversion ? await readConcernedOpportunities(deps.db, name, registration.registrationId) : [];
  if (accounts.length + own.length === 0) return false;
  const read = async (): Promise<void> => {
    const object = mapping.opportunity;
    const fields = remoteFieldsOf(object);
    const accountField = object.fields.find((field) => field.ours === 'account')?.theirs ?? '';
    const found = accounts.length === 0 ? [] : await port.find(object.object, accountField, accounts, fields);
    // One that a rep's lookup lost may have been deleted, which was nobody's deed against the partner.
    const concerned = own.length === 0 ? [] : await port.read(object.object, own, fields);
    const rows = [...new Map([...found, ...concerned].map((row) => [row.id, row])).values()];
    const stages = await stagePlacesOf({ port, mapping });
    // When the direct team last touched them is on the accounts themselves.
    const touched = need.contacts ? await port.read(mapping.account.object, accounts, remoteFieldsOf(mapping.account)) : [];
    await deps.db.transaction().execute(async (trx) => {
      await saveMirrored(trx, deps, name, 'opportunity', rows, stages, deps.now());
      await saveMirrored(trx, deps, name, 'account', touched, NO_STAGES, deps.now());
    });
  };
  try {
    await within(program.evidence.refreshTimeoutMs, read());
    // Without a candidate there was nothing to read again; that there is none is known from the mirror.
    return accounts.length > 0;
  } catch (error) {
    deps.log.warn(
      { connection: name, registrationId: registration.registrationId, err: error },
      'evidence was not read again; the mirror decides if it is young enough',
    );
    return false;
  }
}

/** The accounts that may be the customer, and those of its group where the program asks for them, in this CRM. */
async function decisiveAccounts(
  deps: ActivityDependencies,
  name: string,
  program: Program,
  registration: Registration,
  need: EvidenceNeed,
): Promise<readonly string[]> {
  return deps.db.transaction().execute(async (trx) => {
    const [partner] = await readPartners(trx, [registration.partnerId]);
    const customer = partner === undefined ? registration.customer : withoutDomainOf(partner, registration.customer);
    const matched = (await findMatchedAccounts(trx, deps.freeMailDomains, program, customer)).filter(({ match }) => match.band !== 'weak');
    const relatives = need.relatives ? await findRelativeAccounts(trx, matched) : [];
    const accounts = [...matched, ...relatives.map(({ account }) => account)];
    return accounts.filter(({ connection }) => connection === name).map(({ remoteId }) => remoteId);
  });
}

/** A connection that a person paused, or that sync parked, is left alone. One that is not known yet was never stopped. */
async function isRunning(deps: ActivityDependencies, name: string): Promise<boolean> {
  const connection = await readConnection(deps.db, name);
  return connection === null || connection.state === 'running';
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
