import { fieldOf } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { convert } from '../../program/money.ts';
import { readAccountOwner } from '../../store/account-owner.ts';
import { readUsers } from '../../store/crm-mirror.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { pinnedProgram } from '../decision/pinned-program.ts';
import { conversionOf, firstOpenStage, valuesOf } from './opportunity-definition.ts';

/**
 * What an opportunity that we make for a registration says. From then on all of it is the rep's.
 *
 * It belongs to whoever owns the customer's account; where that user is not active, to the partner's manager, and where the CRM does not know that one either, to the
 * user that we work as. Its amount is the registration's value in the currency of the program's routing, and is left out where there is no rate.
 */
export async function newOpportunity(
  db: Database | Transaction,
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  registration: Registration,
  account: string | null,
): Promise<CanonicalRecord> {
  const known = await conversionOf(connection);
  if (known === null) return {};
  const { conversion, definition } = known;
  const program = pinnedProgram(deps, registration);
  const { customer, productLines, estimatedValue, expectedCloseDate, registrationId } = registration;
  const lines = productLines.map((line) => program.productLines.find(({ id }) => id === line)?.label ?? line);
  const amount = convert(estimatedValue, program.routing.currency, program.rates);
  const stage = await firstOpenStage(connection, conversion.stages);
  const { leadSource } = conversion;
  const leadSources = valuesOf(definition, fieldOf(conversion.mapping, 'leadSource')?.theirs);
  const values: CanonicalRecord = {
    registrationId,
    name: `${customer.name}: ${lines.join(', ')}`,
    account,
    stageName: stage?.name ?? null,
    pipeline: stage?.pipeline ?? null,
    closeDate: expectedCloseDate,
    amount: amount.kind === 'converted' ? amount.money.amount : null,
    owner: await ownerOf(db, deps, name, registration, account),
    leadSource: leadSource !== null && leadSources.includes(leadSource) ? leadSource : null,
  };
  const isWritable = (field: string): boolean => {
    const mapped = fieldOf(conversion.mapping, field);
    return mapped?.isOptional !== true || definition.fields.some((remote) => remote.name === mapped.theirs && remote.createable);
  };
  return Object.fromEntries(Object.entries(values).filter(([field, value]) => value !== null && isWritable(field)));
}

async function ownerOf(
  db: Database | Transaction,
  deps: ActivityDependencies,
  connection: string,
  registration: Registration,
  account: string | null,
): Promise<string | null> {
  const owner = account === null ? null : await readAccountOwner(db, connection, account);
  if (owner !== null) return owner.remoteId;
  const [partner] = await readPartners(db, [registration.partnerId]);
  const manager = partner?.manager ?? pinnedProgram(deps, registration).governance.defaultManager;
  const users = await readUsers(db, connection);
  return users.find(({ alias, isActive, isShared }) => alias === manager && isActive && !isShared)?.remoteId ?? null;
}
