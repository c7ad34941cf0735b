import { tellOfComment, tellOfQuestion } from '../../../activities/decision/tell.ts';
import type { Channel } from '../../../notify/port.ts';
import type { Program } from '../../../program/definition/program.ts';
import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import type { Question, QuestionEvent } from '../../../program/notification/question-event.ts';
import { saveUsers } from '../../../store/crm-mirror.ts';
import { listMessages, type StoredMessage } from '../../../store/message.ts';
import type { Registration } from '../../../store/registration.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ACME, acmeRules, ruleRow } from '../../program/example.ts';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const ALIKE: ClaimWishes = { customer: { domain: null } };

/** Both ways out, as far as a decision cares: that they are there. */
const CHANNELS: ReadonlyMap<string, Channel> = new Map(
  (['webhook', 'email'] as const).map((name) => [name, { name, needsAddress: name === 'email' } as Channel]),
);

describe('what a decision tells', () => {
  let postgres: TestPostgres;
  let stage: DecisionStage;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    stage = createDecisionStage((await postgres.openEmpty()).db, { channels: CHANNELS });
  });
  afterEach(() => emptyStore(stage.db));
  afterAll(() => postgres.stop());

  const messages = (registration: Pick<Registration, 'registrationId'>): Promise<readonly StoredMessage[]> =>
    listMessages(stage.db, { lane: `registration/${registration.registrationId}` }, { limit: 200 });
  const webhooks = async (registration: Pick<Registration, 'registrationId'>): Promise<readonly ClaimEvent[]> =>
    (await messages(registration)).flatMap(({ channel, payload }) =>
      channel === 'webhook' && payload.family === 'claim' ? [payload.event] : [],
    );
  const types = async (registration: Pick<Registration, 'registrationId'>): Promise<readonly string[]> =>
    (await webhooks(registration)).map(({ type }) => type);

  it('is queued once for each way by which the partner is reached, with what was known then', async () => {
    const partnerId = await stage.addPartner({ email: 'deals@aster.example' });
    const claim = await stage.receiveAndEvaluate({ partnerId, externalId: 'DR-7' });
    const told = await messages(claim);
    expect(told.map(({ event, channel, status, recipient }) => [event, channel, status, recipient])).toEqual(
      (['registration.received', 'registration.approved'] as const).flatMap((event) =>
        (['webhook', 'email'] as const).map((channel) => [event, channel, 'queued', { kind: 'partner', partnerId }]),
      ),
    );
    expect(told[2]?.payload).toMatchObject({
      family: 'claim',
      event: { type: 'registration.approved', lines: ['platform'], protectedUntil: later(MONDAY, 90 * DAY_MS) },
      claim: { registrationId: claim.registrationId, externalId: 'DR-7', customerName: 'Northwind Inc', productLines: ['platform'] },
      timeZone: 'America/New_York',
      programName: ACME.name,
      labels: { partner_manager: 'Partner Manager' },
    });
    expect(JSON.stringify(told)).not.toContain('deals@aster.example');
  });

  it('is no mail where the partner has no address', async () => {
    const claim = await stage.receiveAndEvaluate();
    expect((await messages(claim)).map(({ channel }) => channel)).toEqual(['webhook', 'webhook']);
  });

  it('is kept on record as skipped where no channel is configured', async () => {
    const silent = stage.withDependencies({ channels: new Map() });
    const partnerId = await silent.addPartner({ email: 'deals@aster.example' });
    const claim = await silent.receiveAndEvaluate({ partnerId });
    expect((await messages(claim)).map(({ channel, status, lastError }) => [channel, status, lastError])).toEqual(
      [1, 2].flatMap(() => [
        ['webhook', 'skipped', 'CHANNEL_NOT_CONFIGURED'],
        ['email', 'skipped', 'CHANNEL_NOT_CONFIGURED'],
      ]),
    );
  });

  it('follows a claim that is returned, completed, approved, extended and won', async () => {
    const claim = await stage.receiveAndEvaluate(FOR_MANAGER);
    const id = claim.registrationId;
    const inHours = (hours: number) => later(MONDAY, hours * 3_600_000);
    await stage.command(id, { kind: 'decide', decision: 'return', actor: 'manager' }, { comment: 'Name the second site.', at: inHours(1) });
    await stage.command(id, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'Utica' }, at: inHours(2) });
    await stage.command(id, { kind: 'decide', decision: 'approve', actor: 'manager' }, { comment: 'Go ahead.', at: inHours(3) });
    await stage.command(id, { kind: 'extend', days: 30, actor: 'partner' }, { at: inHours(4) });
    await stage.command(id, { kind: 'close', outcome: 'won', actor: 'rep' }, { at: inHours(5) });
    expect(await webhooks(claim)).toMatchObject([
      { type: 'registration.received' },
      { type: 'registration.in_review', asked: { role: 'partner_manager' } },
      { type: 'registration.returned', wanted: ['Name the second site.'] },
      { type: 'registration.in_review', asked: { role: 'partner_manager' } },
      { type: 'registration.approved', reasons: [{ rule: 'decided_by_person', message: 'Go ahead.' }] },
      { type: 'registration.extension_granted', protectedUntil: later(inHours(3), 120 * DAY_MS) },
      { type: 'registration.won' },
    ]);
  });

  it('says what the rules want of a claim that they return', async () => {
    const incomplete = ruleRow('R01_incomplete', { missing: { outcome: 'return', ask: 'the postal code' } });
    const program: Program = acmeRules([incomplete], { requiredFacts: ['postal_code'] });
    const strict = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
    const claim = await strict.receiveAndEvaluate();
    if (claim.state.status !== 'returned') throw new Error(`the rules left it ${claim.state.status}`);
    const [, returned] = await webhooks(claim);
    expect(returned).toMatchObject({ type: 'registration.returned', until: claim.state.returnedUntil });
    expect(JSON.stringify(returned)).toMatch(/postal code/i);
  });

  it('follows the waitlist: denied, promoted, and approved when the winner ends', async () => {
    const winner = await stage.receiveAndEvaluate();
    const waiting = await stage.receiveAndEvaluate();
    expect(await webhooks(waiting)).toMatchObject([
      { type: 'registration.received' },
      { type: 'registration.denied', waitlistedUntil: expect.any(String), appealUntil: expect.any(String) },
    ]);
    await stage.command(winner.registrationId, { kind: 'withdraw', actor: 'partner' });
    await stage.runMessages();
    expect((await types(waiting)).slice(2)).toEqual(['registration.promoted', 'registration.approved']);
    expect(await types(winner)).toEqual(['registration.received', 'registration.approved', 'registration.withdrawn']);
  });

  it('follows an appeal, and the time that passes', async () => {
    const claim = await stage.receiveAndEvaluate(FOR_MANAGER);
    const id = claim.registrationId;
    await stage.command(id, { kind: 'decide', decision: 'deny', actor: 'manager' }, { comment: 'Too early.' });
    await stage.command(id, { kind: 'appeal', actor: 'partner' });
    await stage.command(id, { kind: 'decide', decision: 'approve', actor: 'director' });
    const { protection, reminders } = (await stage.registration(id)).state;
    await stage.registrations.passDeadline(id, reminders[0] ?? '');
    await stage.registrations.passDeadline(id, later(protection?.until ?? '', 1_000));
    expect((await webhooks(claim)).slice(2)).toMatchObject([
      { type: 'registration.denied', reasons: [{ message: 'Too early.' }] },
      { type: 'registration.appealed', asked: { role: 'director' } },
      { type: 'registration.approved' },
      { type: 'registration.protection_ending', protectedUntil: protection?.until },
      { type: 'registration.expired', endedAt: protection?.until },
    ]);
  });

  it('tells both partners of a transfer, and later things only the new one', async () => {
    const claim = await stage.receiveAndEvaluate();
    const partnerId = await stage.addPartner({ name: 'Birch' });
    await stage.command(claim.registrationId, { kind: 'transfer', partnerId, actor: 'vp' });
    await stage.command(claim.registrationId, { kind: 'revoke', actor: 'director' }, { comment: 'No progress.' });
    const told = (await messages(claim)).slice(2).map(({ payload, recipient }) => [payload.event, recipient]);
    expect(told).toMatchObject([
      [{ type: 'registration.transferred', direction: 'away', protectedUntil: null }, { partnerId: claim.partnerId }],
      [{ type: 'registration.transferred', direction: 'to_you' }, { partnerId }],
      [{ type: 'registration.revoked', reasons: [{ message: 'No progress.' }] }, { partnerId }],
    ]);
  });

  it('asks each side of a case once, and tells each what the outcome means for it, without a word of the other', async () => {
    const holder = await stage.receiveAndEvaluate();
    const claimant = await stage.receiveAndEvaluate(ALIKE);
    const next = await stage.receiveAndEvaluate(ALIKE);
    const { caseId } = claimant.state;
    await stage.evaluate(claimant.registrationId, later(MONDAY, 1_000));
    await stage.settle(caseId ?? '', 'award', 'manager', claimant.registrationId);
    expect((await webhooks(holder)).slice(2)).toMatchObject([
      { type: 'case.opened', caseId, conflict: null, asked: { role: 'partner_manager' } },
      { type: 'case.settled', caseId, effect: 'revoke' },
      { type: 'registration.revoked' },
    ]);
    expect((await webhooks(claimant)).slice(0, 4)).toMatchObject([
      { type: 'registration.received' },
      { type: 'registration.in_review' },
      { type: 'case.opened', conflict: expect.any(String) },
      { type: 'case.settled', effect: 'grant' },
    ]);
    expect((await types(next)).slice(-2)).toEqual(['case.settled', 'registration.denied']);
    const about = await listMessages(stage.db, { subject: `case/${caseId}` }, { limit: 50 });
    const toPartners = about.filter(({ recipient }) => recipient.kind === 'partner');
    expect(toPartners.map(({ event }) => event)).toEqual([...Array(3).fill('case.opened'), ...Array(3).fill('case.settled')]);
    for (const [own, others] of [
      [holder, [claimant, next]],
      [claimant, [holder, next]],
    ] as const) {
      const said = JSON.stringify((await messages(own)).map(({ payload }) => payload));
      for (const other of others)
        for (const secret of [other.registrationId, other.partnerId, other.externalId]) expect(said).not.toContain(secret);
    }
  });

  it('tells whoever held the position when nobody claims it any more', async () => {
    const holder = await stage.receiveAndEvaluate();
    const claimant = await stage.receiveAndEvaluate(ALIKE);
    await stage.command(claimant.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect((await webhooks(holder)).slice(2)).toMatchObject([{ type: 'case.opened' }, { type: 'case.settled', effect: 'keep' }]);
  });

  it('keeps no claim from being withdrawn whose program version is not there any more', async () => {
    const claim = await stage.receiveAndEvaluate(FOR_MANAGER);
    const without = stage.withDependencies({ programs: { current: () => ACME, byVersion: () => null } });
    expect(await without.command(claim.registrationId, { kind: 'withdraw', actor: 'partner' })).toEqual({ kind: 'done' });
    expect((await types(claim)).at(-1)).toBe('registration.withdrawn');
  });

  it('carries a comment once', async () => {
    const claim = await stage.receiveAndEvaluate();
    const comment = { commentId: 'c-1', text: 'Please call us.', at: MONDAY };
    for (const at of [MONDAY, later(MONDAY, 1_000)]) {
      await stage.db.transaction().execute((trx) => tellOfComment(trx, stage.deps, claim, { ...comment, at }));
    }
    expect((await webhooks(claim)).slice(2)).toEqual([{ type: 'registration.commented', commentId: 'c-1', text: 'Please call us.' }]);
  });

  describe('to users', () => {
    const question: Question = { id: 'q-1', about: 'claim', role: 'partner_manager', dueAt: later(MONDAY, DAY_MS) };
    const user = (alias: string, connection: string, email: string | null, isActive = true) => ({
      connection,
      remote_id: `${connection}-${alias}-${email}`,
      alias,
      email,
      name: null,
      is_active: isActive,
      manager_remote_id: null,
      stamp: MONDAY,
      deleted: false,
    });
    const tell = (event: QuestionEvent, to: readonly string[], registration: Registration, at = MONDAY) =>
      stage.db
        .transaction()
        .execute((trx) => tellOfQuestion(trx, stage.deps, { event, to, registration, conflict: null, likeCases: null, at }));
    const toUsers = async (claim: Registration) =>
      (await messages(claim)).flatMap(({ recipient, event, status, lastError }) =>
        recipient.kind === 'user' ? [[recipient.alias, event, status, lastError]] : [],
      );

    it('writes to those who can be written to, and keeps on record who cannot', async () => {
      const users = [
        user('manager', 'salesforce', 'manager@acme.example'),
        user('twice', 'salesforce', 'twice@acme.example'),
        user('twice', 'hubspot', 'Twice@acme.example'),
        user('shared', 'salesforce', 'one@acme.example'),
        user('shared', 'hubspot', 'two@acme.example'),
        user('same', 'salesforce', 'a@acme.example'),
        user('same', 'salesforce', 'b@acme.example'),
        user('gone', 'salesforce', 'gone@acme.example', false),
        user('nameless', 'salesforce', null),
      ];
      await stage.db.transaction().execute((trx) => saveUsers(trx, users));
      const claim = await stage.receiveAndEvaluate();
      const to = ['manager', 'twice', 'shared', 'same', 'gone', 'nameless', 'unknown', 'manager'];
      await tell({ type: 'question.asked', question }, to, claim);
      await tell({ type: 'question.asked', question }, to, claim, later(MONDAY, 1_000));
      expect(await toUsers(claim)).toEqual([
        ['manager', 'question.asked', 'queued', null],
        ['twice', 'question.asked', 'queued', null],
        ['shared', 'question.asked', 'skipped', 'NO_ADDRESS'],
        ['same', 'question.asked', 'skipped', 'NO_ADDRESS'],
        ['gone', 'question.asked', 'skipped', 'NO_ADDRESS'],
        ['nameless', 'question.asked', 'skipped', 'NO_ADDRESS'],
        ['unknown', 'question.asked', 'skipped', 'NO_ADDRESS'],
      ]);
    });

    it('calls the owners of the program where nobody is named', async () => {
      const claim = await stage.receiveAndEvaluate();
      await tell({ type: 'question.attention_needed', question, why: 'Nobody is free.' }, [], claim);
      await tell({ type: 'question.due_soon', question }, [], claim);
      expect(await toUsers(claim)).toEqual([['vp', 'question.attention_needed', 'skipped', 'NO_ADDRESS']]);
    });

    it('tells the owners of two things about one question at one instant, and of each only once', async () => {
      const claim = await stage.receiveAndEvaluate();
      const reasons = ['Nobody is free.', 'Nobody has been in touch with the partner in time.'];
      for (const why of [...reasons, ...reasons]) await tell({ type: 'question.attention_needed', question, why }, [], claim);
      const called = (await messages(claim)).flatMap(({ payload }) =>
        payload.family === 'question' && payload.event.type === 'question.attention_needed' ? [payload.event.why] : [],
      );
      expect(called).toEqual(reasons);
    });
  });
});
