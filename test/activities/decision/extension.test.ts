import { registrationWorkflowId } from '../../../program/messages.ts';
import type { Program } from '../../../program/definition/program.ts';
import type { Registration } from '../../../store/registration.ts';
import { listAudit } from '../../../store/audit.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { listedQuestions } from '../../support/open-question.ts';
import { linkOpportunity, mirrorOpportunity } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ACME } from '../../program/example.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 60 * 60 * 1000;
const EXTEND = { kind: 'extend', days: 30, actor: 'partner' } as const;
const TEN_DAYS = { amount: 10, unit: 'days', restated: null } as const;
const UNTIL = later(MONDAY, 90 * DAY_MS);
const EXTENDED = later(MONDAY, 120 * DAY_MS);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** The same store under a program whose extensions are others. */
function under(extension: Partial<Program['protection']['extension']>): DecisionStage {
  const program: Program = { ...ACME, protection: { ...ACME.protection, extension: { ...ACME.protection.extension, ...extension } } };
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}

const state = async ({ registrationId }: Registration) => (await stage.registration(registrationId)).state;
const answer = (decision: 'approve' | 'deny', actor: string) => ({ kind: 'decide', decision, actor }) as const;
const denialIn = async ({ registrationId }: Registration) =>
  (await listAudit(stage.db, registrationWorkflowId(registrationId), 20)).find(({ kind }) => kind === 'extension denied');
const ends = async (id: string) =>
  (await stage.db.selectFrom('protection').select(['until_at', 'ended_at']).where('registration_id', '=', id).orderBy('id').execute()).map(
    ({ until_at, ended_at }) => [until_at, ended_at],
  );

describe('an extension that somebody has to grant', () => {
  const asking = () => under({ decidedBy: 'director' });

  it('is a question to that role, and moves the end when it is granted', async () => {
    const own = asking();
    const holder = await own.receiveAndEvaluate();
    expect(await own.command(holder.registrationId, EXTEND)).toEqual({ kind: 'done' });
    expect(await state(holder)).toMatchObject({
      status: 'approved',
      protection: { until: UNTIL },
      extension: {
        approval: { steps: [{ role: 'director', approver: 'director' }] },
        until: EXTENDED,
        askedBy: 'partner',
        suspendsExpiry: false,
      },
    });
    expect(await own.command(holder.registrationId, EXTEND)).toMatchObject({ code: 'EXTENSION_NOT_ALLOWED' });
    expect(await own.command(holder.registrationId, answer('approve', 'manager'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(holder.registrationId, answer('approve', 'director'))).toEqual({ kind: 'done' });
    expect(await state(holder)).toMatchObject({ extension: null, extensionsUsed: 1, protection: { until: EXTENDED } });
    expect(await ends(holder.registrationId)).toEqual([[EXTENDED, null]]);
  });

  it('leaves the end where it is when it is denied', async () => {
    const own = asking();
    const holder = await own.receiveAndEvaluate();
    await own.command(holder.registrationId, EXTEND);
    await own.command(holder.registrationId, answer('deny', 'director'));
    expect(await state(holder)).toMatchObject({ status: 'approved', extension: null, extensionsUsed: 0, protection: { until: UNTIL } });
  });

  it('does not keep the protection alive by itself', async () => {
    const own = asking();
    const holder = await own.receiveAndEvaluate();
    await own.command(holder.registrationId, EXTEND, { at: later(UNTIL, -1) });
    await own.registrations.passDeadline(holder.registrationId, UNTIL);
    expect(await state(holder)).toMatchObject({ status: 'expired', extension: null });
  });

  describe('and suspends the end', () => {
    const suspending = () => under({ decidedBy: 'director', pendingSuspendsExpiry: true });
    async function asked(own: DecisionStage): Promise<Registration> {
      const holder = await own.receiveAndEvaluate();
      await own.command(holder.registrationId, EXTEND, { at: later(UNTIL, -1) });
      await own.registrations.passDeadline(holder.registrationId, later(UNTIL, 60_000));
      return holder;
    }

    it('keeps rivals out past the end until it is answered', async () => {
      const own = suspending();
      const holder = await asked(own);
      const rival = await own.evaluate((await own.receive()).registrationId, later(UNTIL, 60_000));
      expect(rival.state).toMatchObject({ status: 'denied', waitlistedBehind: [holder.registrationId] });
      expect(await own.command(holder.registrationId, answer('approve', 'director'), { at: later(UNTIL, DAY_MS) })).toEqual({
        kind: 'done',
      });
      expect(await state(holder)).toMatchObject({ status: 'approved', protection: { until: EXTENDED } });
    });

    it('ends the protection at once when it is denied after the end, and the waitlist moves up', async () => {
      const own = suspending();
      const holder = await asked(own);
      const rival = await own.evaluate((await own.receive()).registrationId, later(UNTIL, 60_000));
      const at = later(UNTIL, DAY_MS);
      await own.command(holder.registrationId, answer('deny', 'director'), { at });
      await own.runMessages(at);
      expect([(await state(holder)).status, (await state(rival)).status]).toEqual(['expired', 'approved']);
      expect((await own.protections()).map(({ registrationId }) => registrationId)).toEqual([rival.registrationId]);
    });
  });

  describe('in silence', () => {
    it.each([
      ['approve', { status: 'approved', extension: null, protection: { until: EXTENDED }, extensionsUsed: 1 }],
      ['deny', { status: 'approved', extension: null, protection: { until: UNTIL }, extensionsUsed: 0 }],
      ['escalate', { extension: { approval: { steps: [{ role: 'vp' }] } } }],
    ] as const)('that is to %s', async (silence, expected) => {
      const ladder = ACME.governance.ladder.map((rung) => (rung.role === 'director' ? { ...rung, silence } : rung));
      const program: Program = {
        ...ACME,
        governance: { ...ACME.governance, ladder },
        protection: { ...ACME.protection, extension: { ...ACME.protection.extension, decidedBy: 'director' } },
      };
      const own = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
      const holder = await own.receiveAndEvaluate();
      await own.command(holder.registrationId, EXTEND);
      const dueAt = stepOf((await state(holder)).extension)?.dueAt ?? '';
      await own.registrations.passDeadline(holder.registrationId, later(dueAt, -1));
      expect(stepOf((await state(holder)).extension)?.role).toBe('director');
      await own.registrations.passDeadline(holder.registrationId, dueAt);
      expect(await state(holder)).toMatchObject(expected);
    });
  });
});

describe('an extension that nobody decided before its own end', () => {
  it('is denied then: the protection that it kept alive ended when it would have, and the waitlist moves up', async () => {
    const own = under({ decidedBy: 'director', pendingSuspendsExpiry: true });
    const holder = await own.receiveAndEvaluate();
    await own.command(holder.registrationId, EXTEND, { at: later(UNTIL, -1) });
    const rival = await own.evaluate((await own.receive()).registrationId, later(UNTIL, 60_000));
    await own.registrations.passDeadline(holder.registrationId, later(EXTENDED, -1));
    expect(await state(holder)).toMatchObject({ status: 'approved', extension: { until: EXTENDED } });
    await own.registrations.passDeadline(holder.registrationId, EXTENDED);
    expect(await state(holder)).toMatchObject({ status: 'expired', extension: null, extensionsUsed: 0, needsAttention: false });
    expect(await ends(holder.registrationId)).toEqual([[UNTIL, UNTIL]]);
    expect(await denialIn(holder)).toMatchObject({ kind: 'extension denied', actor: 'program', at: EXTENDED });
    expect(await listedQuestions(own, registrationWorkflowId(holder.registrationId))).toEqual([]);
    await own.runMessages(EXTENDED);
    expect((await state(rival)).status).toBe('approved');
  });

  it('is denied then where the protection had ended long before', async () => {
    const own = under({ decidedBy: 'director', askWithin: TEN_DAYS });
    const holder = await own.receiveAndEvaluate();
    await own.command(holder.registrationId, EXTEND, { at: later(UNTIL, -1) });
    await own.registrations.passDeadline(holder.registrationId, later(EXTENDED, -1));
    expect(await state(holder)).toMatchObject({ status: 'expired', extension: { until: EXTENDED } });
    expect(await own.command(holder.registrationId, answer('approve', 'vp'), { at: EXTENDED })).toMatchObject({
      code: 'EXTENSION_NOT_ALLOWED',
    });
    await own.registrations.passDeadline(holder.registrationId, EXTENDED);
    expect(await state(holder)).toMatchObject({ status: 'expired', extension: null });
    expect(await denialIn(holder)).toMatchObject({ kind: 'extension denied', actor: 'program', at: EXTENDED });
  });
});

describe('a late extension', () => {
  const late = () => under({ askWithin: TEN_DAYS });
  async function expired(own: DecisionStage): Promise<Registration> {
    const holder = await own.receiveAndEvaluate();
    await own.registrations.passDeadline(holder.registrationId, UNTIL);
    return holder;
  }

  it('makes an expired claim an approved one again; the gap stays one', async () => {
    const own = late();
    const holder = await expired(own);
    expect(await state(holder)).toMatchObject({ status: 'expired', expired: { extensibleUntil: later(UNTIL, 10 * DAY_MS) } });
    const at = later(UNTIL, 10 * DAY_MS - 1);
    expect(await own.command(holder.registrationId, EXTEND, { at })).toEqual({ kind: 'done' });
    expect(await state(holder)).toMatchObject({
      status: 'approved',
      expired: null,
      appealUntil: null,
      extensionsUsed: 1,
      protection: { from: MONDAY, until: EXTENDED },
    });
    expect(await ends(holder.registrationId)).toEqual([
      [UNTIL, UNTIL],
      [EXTENDED, null],
    ]);
  });

  it.each([
    ['was protected', {}],
    ['was filed', { estimatedValue: { amount: '60000.00', currency: 'USD' } }],
  ])('is refused when another claim %s in the gap', async (_what, wishes) => {
    const own = late();
    const holder = await expired(own);
    const at = later(UNTIL, DAY_MS);
    await own.evaluate((await own.receive(wishes)).registrationId, at);
    expect(await own.command(holder.registrationId, EXTEND, { at: later(at, 1) })).toMatchObject({ code: 'EXTENSION_NOT_ALLOWED' });
    expect((await state(holder)).status).toBe('expired');
  });

  it('is not hindered by a claim on other lines', async () => {
    const own = late();
    const holder = await expired(own);
    await own.evaluate((await own.receive({ productLines: ['analytics'] })).registrationId, later(UNTIL, DAY_MS));
    expect(await own.command(holder.registrationId, EXTEND, { at: later(UNTIL, DAY_MS + 1) })).toEqual({ kind: 'done' });
  });

  it('cannot be asked for when its time is over', async () => {
    const own = late();
    const holder = await expired(own);
    const end = later(UNTIL, 10 * DAY_MS);
    expect(await own.command(holder.registrationId, EXTEND, { at: end })).toMatchObject({ code: 'EXTENSION_NOT_ALLOWED' });
    await own.registrations.passDeadline(holder.registrationId, end);
    expect((await state(holder)).expired?.extensibleUntil).toBeNull();
  });
});

describe('the conditions of an extension', () => {
  it.each([
    ['lately', later(MONDAY, 0), { kind: 'done' }],
    ['too long ago', later(MONDAY, -1), { code: 'EXTENSION_NOT_ALLOWED' }],
  ])('ask for an opportunity that was worked on: %s', async (_when, lastActivityAt, expected) => {
    const own = under({ activityWithin: TEN_DAYS });
    const holder = await own.receiveAndEvaluate();
    await mirrorOpportunity(own.db, { account_remote_id: null, last_activity_at: lastActivityAt });
    await linkOpportunity(own.db, holder.registrationId);
    expect(await own.command(holder.registrationId, EXTEND, { at: later(MONDAY, 10 * DAY_MS) })).toMatchObject(expected);
  });

  it('are the rules too: whoever may not register any more gets no further time, and keeps what there is', async () => {
    const holder = await stage.receiveAndEvaluate();
    await stage.db.updateTable('partner').set({ status: 'suspended' }).where('id', '=', holder.partnerId).execute();
    expect(await stage.command(holder.registrationId, EXTEND)).toMatchObject({
      code: 'EXTENSION_NOT_ALLOWED',
      message: expect.stringContaining('The rules speak against further time'),
    });
    expect(await state(holder)).toMatchObject({ status: 'approved', protection: { until: UNTIL } });
  });

  it('are all that the program grants where no days are named', async () => {
    const holder = await stage.receiveAndEvaluate();
    await stage.command(holder.registrationId, { kind: 'extend', days: null, actor: 'rep' });
    expect((await state(holder)).protection?.until).toBe(EXTENDED);
    expect(await stage.messages(registrationWorkflowId(holder.registrationId))).toHaveLength(1);
  });
});
