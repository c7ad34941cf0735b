import { createHash } from 'node:crypto';
import { canonicaliseRow, constantsOf, fieldOf, onlyMapped, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { leadingStep } from '../../program/approval/approval.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { Program } from '../../program/definition/program.ts';
import { isCurrency } from '../../program/currency.ts';
import { problemOfMoney } from '../../program/money.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { isUndecided, type RegistrationCommand } from '../../program/registration-life.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { RequestedDecision } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCommand, storeCommand } from '../../store/command.ts';
import { readUsers } from '../../store/crm-mirror.ts';
import { isBroken, readLinksByLocal } from '../../store/link.ts';
import { enqueue } from '../../store/outbox.ts';
import { commandLink, forgetCommanded, queuePrimaries, readPrimaryOpportunities } from '../../store/opportunity-link.ts';
import { readPlaces, savePlace, type KnownPlace } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import {
  lockRegistration,
  lockRegistrations,
  readRegistrations,
  saveClaimValues,
  saveSyncNote,
  type Registration,
} from '../../store/registration.ts';
import { queueTasksOfRegistrations } from '../../store/task-place.ts';
import { programForWords } from '../decision/compose-message.ts';
import { convertApproved } from '../decision/convert.ts';
import { takeLink } from '../decision/take-link.ts';
import { describeConflicts } from './conflict-words.ts';
import { otherConnections } from './lane.ts';
import { firstOpenStage } from './opportunity-definition.ts';
import { receiveFromCrm } from './receive-registration.ts';
import type { LocalRecord, SetCommand, TwoWayRecords } from './two-way-record.ts';

/** Registrations: what was decided is ours, the value and the date are anyone's, the opportunity is the rep's. */
export const registrationRecords: TwoWayRecords = {
  objectType: 'registration',
  command: { field: 'requestedDecision', comment: 'decisionComment' },

  async read(db, deps, connection, ids) {
    const registrations = await readRegistrations(db, ids);
    const partners = await readLinksByLocal(
      db,
      connection,
      'partner',
      registrations.map((registration) => registration.partnerId),
    );
    const places = await readPlaces(db, connection, ids);
    const conflicts = await describeConflicts(db, ids);
    const users = new Map((await readUsers(db, connection)).filter((user) => !user.isShared).map((user) => [user.alias, user.remoteId]));
    const known = deps.connections.get(connection);
    const mapping = known?.mapping.registration;
    const stage = known === undefined || mapping?.stages === undefined ? null : await firstOpenStage(known, mapping.stages);
    return registrations.map((registration): LocalRecord => {
      const { registrationId, partnerId } = registration;
      const place = places.get(registrationId);
      // Where the record has no field for it, as a lead has none before it is converted, the command stands on our side alone.
      const isCommandable = mapping === undefined || fieldOf(mapping, 'opportunity')?.isCommandable === true;
      const commandedAt = isCommandable ? (place?.commandedAt ?? null) : null;
      const link = partners.get(partnerId);
      const partner = link === undefined || isBroken(link) ? null : link.remoteId;
      const values = {
        ...valuesOf(registration, programForWords(deps, registration)),
        ...(mapping === undefined ? {} : constantsOf(mapping)),
        stageName: stage?.name ?? null,
        partner,
        customerAccount: place?.customerAccount ?? null,
        opportunity: place?.opportunity ?? null,
        approver: users.get(shownStep(registration)?.approver ?? '') ?? null,
        conflictSummary: conflicts.get(registrationId) ?? null,
      };
      return {
        localId: registrationId,
        ...(mapping === undefined ? { values, problems: [] } : canonicaliseRow(mapping, onlyMapped(mapping, values))),
        editedAt: commandedAt === null ? registration.fieldTimes : { ...registration.fieldTimes, opportunity: commandedAt },
        parents: { partner: { objectType: 'partner', localId: partnerId } },
        waitsFor: partner === null ? { objectType: 'partner', localId: partnerId } : null,
        // Deleting the record of an undecided claim withdraws it, and that is the end of the record.
        isRestored: !isUndecided(registration.state.status) && registration.state.status !== 'withdrawn' && !isReplaced(mapping, place),
        notMade: null,
        ...(commandedAt === null ? {} : { commanded: ['opportunity'] }),
      };
    });
  },

  async lock(trx, ids) {
    await lockRegistrations(trx, ids);
  },

  async take(trx, deps, connection, { localId, values, editedAt, isCovered = false }) {
    const registration = await lockRegistration(trx, localId);
    if (registration === null) return [];
    const at = deps.now();
    const unusable = unusableFields(registration, values);
    const usable = Object.fromEntries(Object.entries(values).filter(([field]) => !unusable.includes(field)));
    const place = (await readPlaces(trx, connection, [localId])).get(localId) ?? {
      registrationId: localId,
      connection,
      customerAccount: null,
      opportunity: null,
    };
    const { customerAccount = place.customerAccount, opportunity = place.opportunity } = usable;
    const isMoved = customerAccount !== place.customerAccount;
    const isRelinked = opportunity !== place.opportunity;
    const change = { opportunity, before: place.opportunity, isCovered, at };
    const { isConverted } = isRelinked ? await takeLink(trx, deps, connection, registration, change) : { isConverted: false };
    if (isMoved) await savePlace(trx, { ...place, customerAccount, opportunity });
    const isMaterial = await saveClaimValues(trx, registration, usable, editedAt, at);
    await recordAudit(trx, {
      subject: registrationWorkflowId(localId),
      kind: 'edited in CRM',
      actor: connection,
      details: { fields: Object.keys(usable) },
      at,
    });
    await queuePush(trx, otherConnections(deps, connection), 'registration', [localId]);
    // The rules are asked again about a claim that is approved as well: it is held against what was approved, and a new link is a conversion.
    if ((isMaterial && (isUndecided(registration.state.status) || registration.state.status === 'approved')) || isConverted) {
      await enqueue(trx, registrationWorkflowId(localId), { kind: 'refresh_registration', payload: { reevaluate: true } });
    }
    if (isMoved && deps.programs.byVersion(registration.programVersion) !== null) await convertApproved(trx, deps, registration, at);
    return unusable;
  },

  async answerOverridden(trx, deps, _connection, localId, fields, at) {
    const labels = fields.map(inWords).join(', ');
    await saveSyncNote(
      trx,
      localId,
      `${labels}: kept by the partner program, your edit was written back. Use Requested Decision to change the registration.`,
      at,
    );
    await queuePush(trx, [...deps.connections.keys()], 'registration', [localId]);
  },

  /** Contract: a row deleted in the CRM withdraws an undecided registration, and is otherwise restored with a note. */
  async onDeleted(trx, deps, connection, localId, at) {
    const registration = await lockRegistration(trx, localId);
    if (registration === null) return;
    const { status } = registration.state;
    if (status === 'withdrawn') return;
    if (isUndecided(status)) {
      const commandId = `crm:${connection}:deleted:${registration.sequence}`;
      const command: RegistrationCommand = { kind: 'withdraw', actor: connection };
      if ((await storeCommand(trx, localId, { commandId, command, comment: 'The record was deleted in the CRM.' }, at)) === 'stored') {
        await enqueue(trx, registrationWorkflowId(localId), { kind: 'command_registration', payload: { commandId } });
      }
      return;
    }
    const place = (await readPlaces(trx, connection, [localId])).get(localId);
    const isLeft = isReplaced(deps.connections.get(connection)?.mapping.registration, place);
    const what = isLeft ? 'the opportunity stands for it' : 'it was restored';
    await saveSyncNote(trx, localId, `The record was deleted while the registration was ${status}; ${what}.`, at);
    await recordAudit(trx, {
      subject: registrationWorkflowId(localId),
      kind: 'deleted in CRM',
      actor: connection,
      details: { status },
      at,
    });
    // The record that is made in its place says which opportunity it is, too.
    if (place !== undefined && place.opportunity !== null) await commandLink(trx, localId, connection, at);
    await queuePush(trx, otherConnections(deps, connection), 'registration', [localId]);
  },

  /** Its tasks hang on its record, and opportunities point to the registrations that are their primaries: they waited for it, or lead to the one that was there before. */
  async onLinked(trx, _deps, connection, localIds) {
    await queueTasksOfRegistrations(trx, connection, localIds);
    await queuePrimaries(trx, connection, await readPrimaryOpportunities(trx, connection, localIds));
  },

  async onCommandedWritten(trx, connection, written) {
    const links = written.map(({ localId, values }) => ({ registrationId: localId, opportunity: values['opportunity'] ?? null }));
    await forgetCommanded(trx, connection, links);
  },

  async keepCommand(trx, deps, connection, set) {
    const registration = await lockRegistration(trx, set.localId);
    if (registration === null) return;
    const at = deps.now();
    const actor =
      (await readUsers(trx, connection)).find((user) => user.remoteId === set.setBy && !user.isShared)?.alias ?? 'an unknown user';
    const commandId = commandIdOf(connection, set);
    const kept = await storeCommand(
      trx,
      set.localId,
      { commandId, command: commandOf(set.value as RequestedDecision, actor), comment: set.comment },
      at,
    );
    if (kept === 'stored')
      await enqueue(trx, registrationWorkflowId(set.localId), { kind: 'command_registration', payload: { commandId } });
  },

  async isAnswered(db, connection, set) {
    return ((await findCommand(db, set.localId, commandIdOf(connection, set)))?.outcome ?? null) !== null;
  },

  receive: receiveFromCrm,
};

/** A lead that became an opportunity and is deleted is not made again. */
function isReplaced(mapping: ObjectMapping | undefined, place: KnownPlace | undefined): boolean {
  return mapping?.isClosedToUs !== undefined && place !== undefined && place.opportunity !== null;
}

/** `customerName` as people say it: `customer name`. */
function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Connection, record and what was set when: the same edit captured twice is one command, a later one is another. */
function commandIdOf(connection: string, set: SetCommand): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([set.remoteId, set.value, set.setAt === null ? 'made with it' : Date.parse(set.setAt), set.occurrence]))
    .digest('hex');
  return `crm:${connection}:${digest.slice(0, 32)}`;
}

/** Values that a claim cannot have: nothing is decided on them. */
function unusableFields(registration: Registration, values: CanonicalRecord): readonly string[] {
  const { estimatedValue: amount, estimatedCurrency: currency, expectedCloseDate: date } = values;
  const unusable: string[] = [];
  const isCurrencyBad = currency !== undefined && (currency === null || !isCurrency(currency));
  if (isCurrencyBad) unusable.push('estimatedCurrency');
  const inCurrency = isCurrencyBad || currency === undefined ? registration.estimatedValue.currency : currency;
  if (amount !== undefined && (amount === null || problemOfMoney({ amount, currency: inCurrency }) !== null))
    unusable.push('estimatedValue');
  if (date === null) unusable.push('expectedCloseDate');
  return unusable;
}

function commandOf(value: RequestedDecision, actor: string): RegistrationCommand {
  switch (value) {
    case 'approve':
    case 'deny':
    case 'return':
      return { kind: 'decide', decision: value, actor };
    case 'extend':
      return { kind: 'extend', days: null, actor };
  }
}

/** The question that the record shows: about the claim or its conflict, otherwise about an extension or a transfer. */
function shownStep({ state }: Registration): ReviewStep | null {
  const approval = state.approval ?? state.extension?.approval ?? state.transfer?.approval ?? null;
  return approval === null ? null : leadingStep(approval);
}

/** A role as the program's people call it; a step of a version that named it otherwise is called by its id. */
function labelOfStep({ governance }: Program, { name }: ReviewStep): string {
  return governance.roles.find(({ id }) => id === name)?.label ?? name;
}

function labelsOf(program: Program, productLines: readonly string[]): readonly string[] {
  return productLines.map((line) => program.productLines.find(({ id }) => id === line)?.label ?? line);
}

function valuesOf(registration: Registration, program: Program): CanonicalRecord {
  const { state } = registration;
  const step = shownStep(registration);
  return {
    registrationId: registration.registrationId,
    status: state.status,
    stage: state.status,
    customerName: registration.customer.name,
    customerDomain: registration.customer.domain,
    contactName: registration.contact.name ?? registration.customer.name,
    contactEmail: registration.contact.email,
    dealName: `${registration.customer.name}: ${labelsOf(program, registration.productLines).join(', ')}`,
    productLines: registration.productLines.join(';'),
    estimatedValue: registration.estimatedValue.amount,
    estimatedCurrency: registration.estimatedValue.currency,
    expectedCloseDate: registration.expectedCloseDate,
    description: registration.description,
    submittedAt: registration.submittedAt,
    decidedAt: state.decision?.at ?? null,
    protectedUntil: state.protection?.until ?? null,
    reviewDue: step?.dueAt ?? null,
    reviewStep: step === null ? null : labelOfStep(program, step),
    decisionReason: state.decision === null ? null : state.decision.reasons.map((reason) => reason.message).join(' '),
    syncNote: registration.syncNote,
  };
}
