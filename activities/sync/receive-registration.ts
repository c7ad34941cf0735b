import { NO_FACTS } from '../../program/claim.ts';
import { createHash } from 'node:crypto';
import type { RemoteRow } from '../../crm/port.ts';
import { decodeRow } from '../../mappings/field-mapping.ts';
import { isCurrency } from '../../program/currency.ts';
import { problemOfMoney } from '../../program/money.ts';
import { defaultKind } from '../../program/rules/partner-not-eligible.ts';
import { readMirrorAccount, readUsers } from '../../store/crm-mirror.ts';
import { isBroken, readLinksByLocal, readLinksByRemote, saveLink } from '../../store/link.ts';
import { readPartners } from '../../store/partner.ts';
import { savePlace } from '../../store/place.ts';
import { storeReceipt } from '../../store/receipt.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { linkOpportunity } from '../decision/link-opportunity.ts';

/**
 * A registration that a rep created in the CRM: received when it is captured, like one from the portal.
 *
 * The record has no field for the customer's country: it is the account's, or else the partner's.
 * What is missing is told on the issue; the rep completes the record, and it is received with the next capture.
 */
export async function receiveFromCrm(
  deps: ActivityDependencies,
  connection: string,
  row: RemoteRow,
): Promise<{ message: string; remedy: string } | null> {
  const mapping = deps.connections.get(connection)?.mapping.registration;
  if (mapping === undefined) return null;
  const { values, problems } = decodeRow(mapping, row.fields);
  const program = deps.programs.current();
  const partnerLink = (await readLinksByRemote(deps.db, connection, 'partner', [values['partner'] ?? ''])).get(values['partner'] ?? '');
  const [partner] = partnerLink === undefined ? [] : await readPartners(deps.db, [partnerLink.localId]);
  const account = values['customerAccount'] == null ? null : await readMirrorAccount(deps.db, connection, values['customerAccount']);
  const lines = (values['productLines'] ?? '').split(';').filter((line) => line !== '');
  const known = new Set(program.productLines.map(({ id }) => id));
  const name = values['customerName'] ?? account?.name ?? null;
  const amount = values['estimatedValue'] ?? null;
  const currency = values['estimatedCurrency'] ?? null;
  const missing = [
    ...problems.map((problem) => `${problem.field} ${problem.message}`),
    ...(partner === undefined ? ['Partner is empty or is no partner account'] : []),
    ...(name === null ? ['Customer name is empty'] : []),
    ...(lines.length === 0 || lines.some((line) => !known.has(line)) ? [`Product lines must be some of ${[...known].join(';')}`] : []),
    ...(amount === null || currency === null || !isCurrency(currency) || problemOfMoney({ amount, currency }) !== null
      ? ['Estimated value and currency must be an amount and an ISO code']
      : []),
    ...(values['expectedCloseDate'] == null ? ['Expected close date is empty'] : []),
  ];
  if (missing.length > 0 || partner === undefined || name === null || amount === null || currency === null) {
    return { message: missing.join('; '), remedy: 'Complete the record in the CRM; it is received with the next capture.' };
  }
  const registrationId = deps.newId();
  const submitter = (await readUsers(deps.db, connection)).find((user) => user.remoteId === row.createdBy);
  const receipt = await storeReceipt(
    deps.db,
    {
      registrationId,
      externalId: `${connection}:${row.id}`,
      partnerId: partner.partnerId,
      origin: connection,
      submittedBy: submitter === undefined ? row.createdBy : submitter.isShared ? null : submitter.alias,
      kind: defaultKind(program, partner),
      facts: NO_FACTS,
      customer: {
        name,
        domain: values['customerDomain'] ?? account?.domain ?? null,
        country: account?.country ?? partner.country,
        postalCode: account?.postalCode ?? null,
        companyNumber: null,
      },
      contact: { name: null, email: null },
      productLines: lines,
      estimatedValue: { amount, currency },
      expectedCloseDate: values['expectedCloseDate'] ?? '',
      description: values['description'] ?? '',
      evidence: [],
      programVersion: program.version,
      contentDigest: createHash('sha256').update(JSON.stringify(values)).digest('hex'),
    },
    { connections: [...deps.connections.keys()], freeMailDomains: deps.freeMailDomains, newId: deps.newId, now: deps.now },
    async (trx, registration) => {
      const link = { localId: registration.registrationId, remoteId: row.id, base: {}, remoteStamp: null };
      await saveLink(trx, connection, 'registration', link, deps.now());
      await savePlace(trx, {
        registrationId: registration.registrationId,
        connection,
        customerAccount: values['customerAccount'] ?? null,
        opportunity: null,
      });
      const opportunity = values['opportunity'] ?? null;
      const change = { connection, opportunity, primary: null, by: connection, at: deps.now(), from: 'crm' } as const;
      if (opportunity !== null) await linkOpportunity(trx, deps, registration, change);
    },
  );
  return receipt.kind === 'received' ? null : joinKnown(deps, connection, row, receipt.registration.registrationId);
}

/** The record was received before and lost its link: it was deleted and came back. Where the claim has another record by now, this one is told as a second. */
async function joinKnown(
  deps: ActivityDependencies,
  connection: string,
  row: RemoteRow,
  localId: string,
): Promise<{ message: string; remedy: string } | null> {
  return deps.db.transaction().execute(async (trx) => {
    const other = (await readLinksByLocal(trx, connection, 'registration', [localId])).get(localId);
    if (other !== undefined && other.remoteId !== row.id && !isBroken(other)) {
      return { message: `The registration of this record has another one: ${other.remoteId}.`, remedy: 'Delete one of the two records.' };
    }
    await saveLink(trx, connection, 'registration', { localId, remoteId: row.id, base: {}, remoteStamp: null }, deps.now());
    return null;
  });
}
