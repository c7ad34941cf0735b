import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { mayBePrimary, type RegistrationCommand } from '../../program/registration-life.ts';
import { readAccountOwner } from '../../store/account-owner.ts';
import { findMirrorOpportunity } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { readLinksByLocal } from '../../store/link.ts';
import { readLinkedRegistrations } from '../../store/opportunity-link.ts';
import { readOrders } from '../../store/opportunity-order.ts';
import { enqueue } from '../../store/outbox.ts';
import { readOpportunityOwner, readPlaces } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import { closeWithOpportunities } from './close-with-opportunity.ts';
import { orderFor } from './convert.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfDisplacing, refusalOfLinking } from './link-authority.ts';
import { linkOpportunity } from './link-opportunity.ts';
import { pinnedProgram } from './pinned-program.ts';
import { placeCustomer } from './place-customer.ts';
import { recordTransition, type Occasion } from './transition.ts';

type Command<Kind extends RegistrationCommand['kind']> = Extract<RegistrationCommand, { kind: Kind }>;
type Linking = Extract<RegistrationCommand, { readonly kind: 'link' | 'relink' }>;
type Answer = { readonly kind: 'done' } | Refusal;
type By = Omit<Occasion, 'kind'>;

/**
 * Links a registration to an opportunity, or moves its link. Denied, expired and undecided ones are linked as well, and are never its primary.
 *
 * An approved one is judged again, and follows an opportunity that is closed by the same rules as where a rep linked it: it is won or lost. What it was about to be
 * closed with before is called off. The record in the CRM is told by sync.
 */
export async function linkByCommand(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: Linking,
  by: By,
): Promise<Answer> {
  const { connection, opportunity, actor, primary } = command;
  const { registrationId, partnerId, state } = registration;
  const program = pinnedProgram(deps, registration);
  const known = refusalOfConnection(deps, connection);
  if (known !== null) return known;
  const current = (await readPlaces(trx, connection, [registrationId])).get(registrationId)?.opportunity ?? null;
  const mirrored = await findMirrorOpportunity(trx, connection, opportunity);
  const owners = [
    await readOpportunityOwner(trx, connection, opportunity),
    ...(current === null ? [] : [await readOpportunityOwner(trx, connection, current)]),
  ];
  const refusal =
    refusalOfOwn(deps, connection, opportunity === current) ??
    (await refusalOfLinking(trx, program, partnerId, owners, actor)) ??
    refusalOfTarget(command, current, mirrored);
  if (refusal !== null) return refusal;
  if (primary === true) {
    const linked = await readLinkedRegistrations(trx, connection, opportunity);
    const holder = linked.find((one) => one.isPrimary && one.registrationId !== registrationId);
    const displacing = holder === undefined ? null : refusalOfDisplacing(program, opportunity, holder.registrationId, actor);
    if (displacing !== null) return displacing;
  }
  await linkOpportunity(trx, deps, registration, { connection, opportunity, primary, by: actor, at: by.at, from: 'command' });
  if (current !== null && current !== opportunity) await callOff(trx, deps, registration, by);
  if (state.status !== 'approved') return { kind: 'done' };
  await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload: { reevaluate: true } });
  await closeWithOpportunities(trx, deps, connection, [opportunity]);
  return { kind: 'done' };
}

function refusalOfConnection({ connections }: ActivityDependencies, connection: string): Refusal | null {
  if (connections.has(connection)) return null;
  return refuse('LINK_NOT_ALLOWED', `There is no connection ${connection}; expected one of: ${[...connections.keys()].join(', ')}.`);
}

/** Where registrations are opportunities, each is its own: it can neither be linked to another, nor be parted from itself. */
function refusalOfOwn({ connections }: ActivityDependencies, connection: string, isItself: boolean): Refusal | null {
  if (isItself || connections.get(connection)?.mapping.registration.isOpportunity !== true) return null;
  return refuse('LINK_NOT_ALLOWED', `In ${connection} the registration is an opportunity itself, and is linked to no other.`);
}

function refusalOfTarget(
  { kind, connection, opportunity, primary }: Linking,
  current: string | null,
  mirrored: { readonly isDeleted: boolean } | null,
): Refusal | null {
  if (mirrored === null) {
    return refuse(
      'LINK_NOT_ALLOWED',
      `${connection} has no opportunity ${opportunity}, as it was last read. One that was just made is known after the next poll.`,
    );
  }
  if (mirrored.isDeleted) return refuse('LINK_NOT_ALLOWED', `The opportunity ${opportunity} was deleted in ${connection}.`);
  if (current === opportunity && primary === null) {
    return refuse('LINK_NOT_ALLOWED', `The registration is linked to opportunity ${opportunity} already.`);
  }
  if (kind === 'link' && current !== null && current !== opportunity) {
    return refuse('LINK_NOT_ALLOWED', `The registration is linked to opportunity ${current}; relink moves it.`);
  }
  if (kind === 'relink' && current === null) {
    return refuse('LINK_NOT_ALLOWED', `The registration is linked to no opportunity of ${connection}; link does that.`);
  }
  return null;
}

/** Takes the link away. The protection stays; what the registration was about to be closed with is called off. */
export async function unlinkByCommand(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  { connection, actor }: Command<'unlink'>,
  by: By,
): Promise<Answer> {
  const { registrationId, partnerId, state } = registration;
  const known = refusalOfConnection(deps, connection);
  if (known !== null) return known;
  const current = (await readPlaces(trx, connection, [registrationId])).get(registrationId)?.opportunity ?? null;
  const owner = current === null ? null : await readOpportunityOwner(trx, connection, current);
  const refusal =
    refusalOfOwn(deps, connection, false) ?? (await refusalOfLinking(trx, pinnedProgram(deps, registration), partnerId, [owner], actor));
  if (refusal !== null) return refusal;
  if (current === null) return refuse('LINK_NOT_ALLOWED', `The registration is linked to no opportunity of ${connection}.`);
  await linkOpportunity(trx, deps, registration, { connection, opportunity: null, primary: null, by: actor, at: by.at, from: 'command' });
  await callOff(trx, deps, registration, by);
  if (state.status === 'approved')
    await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload: { reevaluate: true } });
  return { kind: 'done' };
}

async function callOff(trx: Transaction, deps: ActivityDependencies, registration: Registration, by: By): Promise<void> {
  if (registration.state.closing === null) return;
  await recordTransition(trx, deps, registration, { ...registration.state, closing: null }, { kind: 'closing called off', ...by });
}

/** Has an opportunity made in the CRM for an approved registration that has none there. It is made by sync, at the customer's account. */
export async function createByCommand(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  { connection, actor }: Command<'create_opportunity'>,
  by: By,
): Promise<Answer> {
  const { registrationId, partnerId, state } = registration;
  const program = pinnedProgram(deps, registration);
  const known = refusalOfConnection(deps, connection);
  if (known !== null) return known;
  if (deps.connections.get(connection)?.conversion === undefined)
    return refuse('LINK_NOT_ALLOWED', `Opportunities cannot be made in ${connection}.`);
  if (mayBePrimary(state.status)) await placeCustomer(trx, deps, program, registration);
  const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
  const account = place?.customerAccount ?? null;
  const owner = account === null ? null : ((await readAccountOwner(trx, connection, account))?.alias ?? null);
  const refusal = await refusalOfLinking(trx, program, partnerId, [owner], actor);
  if (refusal !== null) return refusal;
  if (place !== undefined && place.opportunity !== null)
    return refuse('LINK_NOT_ALLOWED', `The registration is linked to opportunity ${place.opportunity}.`);
  if ((await readOrders(trx, [registrationId], connection)).length > 0)
    return refuse('LINK_NOT_ALLOWED', 'An opportunity was asked for before and is being made; `sync issues` says where it cannot be.');
  if (account === null) {
    return refuse(
      'LINK_NOT_ALLOWED',
      `It is not certain which account of ${connection} is the customer. Choose it on the record (Customer), and ask again.`,
    );
  }
  const made = (await readLinksByLocal(trx, connection, 'opportunity', [registrationId])).get(registrationId)?.remoteId ?? null;
  const mirrored = made === null ? null : await findMirrorOpportunity(trx, connection, made);
  if (mirrored !== null && !mirrored.isDeleted)
    return refuse('LINK_NOT_ALLOWED', `Opportunity ${made} was made for this registration before; link it to that.`);
  await orderFor(trx, registration, { connection, by: actor, at: by.at });
  return { kind: 'done' };
}
