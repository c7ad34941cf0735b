import { salesforceProfile } from '../../../mappings/salesforce/registration-object.ts';
import type { RegistrationStatus } from '../../../program/vocabulary.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { SUBMITTED, type RegistrationCommand } from '../../../program/registration-life.ts';
import { readOrders } from '../../../store/opportunity-order.ts';
import { saveLink } from '../../../store/link.ts';
import { readPartnerOpportunities, savePlace } from '../../../store/place.ts';
import { saveState } from '../../../store/registration.ts';
import {
  auditOf,
  converting,
  CRM,
  forgetMessages,
  isAskedAgain,
  linkOf,
  ownAccount,
  prepareMirror,
  queuedPrimaries,
  underProgram,
} from '../../support/conversion-stage.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, mirrorOpportunity, OPPORTUNITY, silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { inParallel } from '../../support/until.ts';

jest.setTimeout(120_000);

const OTHER = '006000000000002AAA';
const CLOSED = { is_closed: true, is_won: true, stage_index: null } as const;

let postgres: TestPostgres;
let base: DecisionStage;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  base = createDecisionStage((await postgres.openEmpty()).db);
  stage = underProgram(base, converting({}));
});
beforeEach(async () => {
  await prepareMirror(base);
  await mirrorOpportunity(base.db, { owner: 'rep', account_remote_id: null });
  await mirrorOpportunity(base.db, { remote_id: OTHER, owner: 'rep2', account_remote_id: null });
});
afterEach(() => emptyStore(base.db));
afterAll(() => postgres.stop());

type Linking = Extract<RegistrationCommand, { kind: 'link' | 'relink' }>;
const link = (opportunity = OPPORTUNITY, changes: Partial<Linking> = {}): Linking => ({
  kind: 'link',
  connection: CRM,
  opportunity,
  primary: null,
  actor: 'manager',
  ...changes,
});
const relink = (opportunity = OTHER, changes: Partial<Linking> = {}): Linking => ({ ...link(opportunity, changes), kind: 'relink' });
const unlink = (actor = 'manager') => ({ kind: 'unlink', connection: CRM, actor }) as const;
const create = (actor = 'manager') => ({ kind: 'create_opportunity', connection: CRM, actor }) as const;

/** An approved registration on a customer of its own, with an empty outbox. */
async function approved(name = 'Northwind', wishes: ClaimWishes = {}): Promise<string> {
  const { registrationId, state } = await stage.receiveAndEvaluate({ customer: { name, domain: `${name.toLowerCase()}.com` }, ...wishes });
  expect(state.status).toBe('approved');
  await forgetMessages(stage);
  return registrationId;
}
async function withStatus(status: RegistrationStatus): Promise<string> {
  const { registrationId } = await stage.receive();
  await stage.db.transaction().execute((trx) => saveState(trx, registrationId, { ...SUBMITTED, status }, MONDAY));
  return registrationId;
}
const closings = async (id: string) =>
  (await stage.messages(registrationWorkflowId(id))).filter(({ kind }) => kind === 'command_registration').length;

describe('the command link', () => {
  it('links an approved registration as the primary, has the record told, and has the rules asked again', async () => {
    const id = await approved();
    expect(await stage.command(id, link())).toEqual({ kind: 'done' });
    expect(await linkOf(stage, id)).toEqual({ opportunity: OPPORTUNITY, isPrimary: true, by: 'manager', isCommanded: true });
    expect([await queuedPrimaries(stage), await isAskedAgain(stage, id), await closings(id)]).toEqual([[OPPORTUNITY], true, 0]);
    expect(await auditOf(stage, id)).toContain('opportunity linked');
  });

  it.each<[RegistrationStatus, boolean]>([
    ['submitted', false],
    ['in_review', false],
    ['denied', false],
    ['expired', false],
    ['lost', false],
    ['withdrawn', false],
    ['won', true],
  ])('links one that is %s, as the primary: %s', async (status, isPrimary) => {
    const id = await withStatus(status);
    expect(await stage.command(id, link())).toEqual({ kind: 'done' });
    expect(await linkOf(stage, id)).toMatchObject({ opportunity: OPPORTUNITY, isPrimary });
    expect([await isAskedAgain(stage, id), (await queuedPrimaries(stage)).length]).toEqual([false, isPrimary ? 1 : 0]);
  });

  it('does not make one that is denied the primary, although told to', async () => {
    const id = await withStatus('denied');
    expect(await stage.command(id, link(OPPORTUNITY, { primary: true }))).toMatchObject({
      code: 'STATE_DOES_NOT_ALLOW',
      message: expect.stringContaining('only an approved or won registration can be'),
    });
    expect(await linkOf(stage, id)).toBeNull();
  });

  it('to an opportunity that was closed closes the registration with it, as where a rep links it', async () => {
    await mirrorOpportunity(base.db, { ...CLOSED, owner: 'rep', account_remote_id: null });
    const id = await approved();
    expect(await stage.command(id, link())).toEqual({ kind: 'done' });
    expect(await closings(id)).toBe(1);
  });

  it.each<[string, Linking, string, RegExp]>([
    ['somebody else', link(OPPORTUNITY, { actor: 'rep2' }), 'ACTOR_MAY_NOT_DECIDE', /rep2 may not .* for: manager, director, vp, rep\./],
    ['a connection that is not there', link(OPPORTUNITY, { connection: 'hubspot' }), 'LINK_NOT_ALLOWED', /expected one of: salesforce/],
    ['an opportunity that nobody read', link('006000000000009AAA'), 'LINK_NOT_ALLOWED', /as it was last read/],
    ['a move of what is not linked', relink(OPPORTUNITY), 'LINK_NOT_ALLOWED', /linked to no opportunity .*; link does that/],
  ])('refuses %s', async (_what, command, code, message) => {
    const id = await approved();
    expect(await stage.command(id, command)).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await linkOf(stage, id)).toBeNull();
  });

  it.each(['manager', 'director', 'vp', 'rep', 'olga'])(
    'is for the ladder, the owner of the opportunity, and the partner’s manager: %s',
    async (actor) => {
      const id = await approved('Contoso', { partnerId: await stage.addPartner({ manager: 'olga' }) });
      expect(await stage.command(id, link(OPPORTUNITY, { actor }))).toEqual({ kind: 'done' });
    },
  );

  it('refuses a deleted opportunity, and one that it is linked to already', async () => {
    const id = await approved();
    await stage.command(id, link());
    expect(await stage.command(id, link())).toMatchObject({ code: 'LINK_NOT_ALLOWED', message: expect.stringContaining('already') });
    await mirrorOpportunity(base.db, { remote_id: OTHER, deleted: true });
    expect(await stage.command(id, relink())).toMatchObject({ code: 'LINK_NOT_ALLOWED', message: expect.stringContaining('was deleted') });
  });

  it('does not move a link; relink does', async () => {
    const id = await approved();
    await stage.command(id, link());
    expect(await stage.command(id, link(OTHER))).toMatchObject({
      code: 'LINK_NOT_ALLOWED',
      message: expect.stringContaining('relink moves it'),
    });
    expect(await stage.command(id, relink())).toEqual({ kind: 'done' });
    expect(await linkOf(stage, id)).toMatchObject({ opportunity: OTHER, isPrimary: true });
  });
});

describe('the primary of an opportunity', () => {
  it('is the first approved registration; a later one is linked beside it, which the first hears of', async () => {
    const [first, second] = [await approved('Contoso'), await approved('Fabrikam')];
    await stage.command(first, link());
    await stage.command(second, link());
    expect([(await linkOf(stage, first))?.isPrimary, (await linkOf(stage, second))?.isPrimary]).toEqual([true, false]);
    expect(await auditOf(stage, first)).toContain('another linked beside');
  });

  it('is never two, however many claim it at once', async () => {
    const ids = await Promise.all(['Contoso', 'Fabrikam', 'Adatum', 'Tailspin', 'Litware'].map((name) => approved(name)));
    await inParallel(ids, ids.length, (id) => stage.command(id, link(OPPORTUNITY, { primary: true })));
    const links = await Promise.all(ids.map((id) => linkOf(stage, id)));
    expect(links.map((one) => one?.opportunity)).toEqual(ids.map(() => OPPORTUNITY));
    expect(links.filter((one) => one?.isPrimary)).toHaveLength(1);
  });

  it('may be given to another by the ladder, not by the owner of the opportunity', async () => {
    const [first, second] = [await approved('Contoso'), await approved('Fabrikam')];
    await stage.command(first, link());
    expect(await stage.command(second, link(OPPORTUNITY, { primary: true, actor: 'rep' }))).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
      message: expect.stringContaining(`Registration ${first} is the primary`),
    });
    expect(await stage.command(second, link(OPPORTUNITY, { primary: true, actor: 'director' }))).toEqual({ kind: 'done' });
    expect([(await linkOf(stage, first))?.isPrimary, (await linkOf(stage, second))?.isPrimary]).toEqual([false, true]);
    expect(await auditOf(stage, first)).toContain('primary changed');
  });

  it('leaves its place to the next approved one when it is moved', async () => {
    const [first, second] = [await approved('Contoso'), await approved('Fabrikam')];
    const denied = await withStatus('denied');
    for (const id of [denied, first, second]) await stage.command(id, link());
    await stage.command(first, relink());
    expect(await linkOf(stage, first)).toMatchObject({ opportunity: OTHER, isPrimary: true });
    expect([(await linkOf(stage, second))?.isPrimary, (await linkOf(stage, denied))?.isPrimary]).toEqual([true, false]);
    expect(await queuedPrimaries(stage)).toEqual([OPPORTUNITY, OTHER]);
  });

  it('is none any more when it ends: it stays linked, and the next one takes its place', async () => {
    const [first, second] = [await approved('Contoso'), await approved('Fabrikam')];
    for (const id of [first, second]) await stage.command(id, link());
    await stage.command(first, { kind: 'withdraw', actor: 'partner' });
    expect([await linkOf(stage, first), (await linkOf(stage, second))?.isPrimary]).toEqual([
      expect.objectContaining({ opportunity: OPPORTUNITY, isPrimary: false }),
      true,
    ]);
  });

  it('is one that was linked before it was approved, from then on', async () => {
    const claim = await stage.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
    await stage.command(claim.registrationId, link());
    expect((await linkOf(stage, claim.registrationId))?.isPrimary).toBe(false);
    await stage.command(claim.registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect((await linkOf(stage, claim.registrationId))?.isPrimary).toBe(true);
  });

  it('is nobody where the program leaves it to commands, until one says so', async () => {
    stage = underProgram(base, converting({ primary: 'by_command' }));
    const id = await approved();
    await stage.command(id, link());
    expect((await linkOf(stage, id))?.isPrimary).toBe(false);
    expect(await stage.command(id, link(OPPORTUNITY, { primary: true }))).toEqual({ kind: 'done' });
    expect((await linkOf(stage, id))?.isPrimary).toBe(true);
    stage = underProgram(base, converting({}));
  });
});

describe('the commands relink and unlink', () => {
  /** Acme's program which does not believe a win within three days. */
  const waiting = () =>
    underProgram(base, {
      ...converting({}),
      protection: { ...converting({}).protection, waitBeforeClose: { amount: 72, unit: 'hours', restated: null } },
    });

  it.each(['relink', 'unlink'] as const)('%s calls off a closing that was to come', async (kind) => {
    stage = waiting();
    await mirrorOpportunity(base.db, { ...CLOSED, owner: 'rep', account_remote_id: null });
    const id = await approved();
    await stage.command(id, link());
    await stage.command(id, { kind: 'close', outcome: 'won', actor: 'rep' });
    expect((await stage.registration(id)).state.closing).not.toBeNull();
    expect(await stage.command(id, kind === 'relink' ? relink() : unlink())).toEqual({ kind: 'done' });
    expect((await stage.registration(id)).state).toMatchObject({ status: 'approved', closing: null });
    // Linked to the first again, it is closed with it again: it is another link.
    await forgetMessages(stage);
    const at = later(MONDAY, 60_000);
    await stage.command(id, kind === 'relink' ? relink(OPPORTUNITY) : link(OPPORTUNITY), { at });
    expect(await closings(id)).toBe(1);
    stage = underProgram(base, converting({}));
  });

  it('unlink takes the link away, and the protection stays', async () => {
    const id = await approved();
    await stage.command(id, link());
    expect(await stage.command(id, unlink())).toEqual({ kind: 'done' });
    expect(await linkOf(stage, id)).toBeNull();
    expect((await stage.registration(id)).state.status).toBe('approved');
    expect(await stage.command(id, unlink())).toMatchObject({ code: 'LINK_NOT_ALLOWED' });
    expect(await stage.command(id, unlink('rep2'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
  });

  it('are carried out once under one id', async () => {
    const id = await approved();
    await stage.command(id, link());
    const again = { commandId: 'api:once' };
    expect(await stage.command(id, relink(), again)).toEqual({ kind: 'done' });
    expect(await stage.command(id, relink(), again)).toEqual({ kind: 'done' });
    expect((await auditOf(stage, id)).filter((kind) => kind === 'opportunity relinked')).toHaveLength(1);
  });
});

describe('the command create_opportunity', () => {
  const orders = async (id: string) => (await readOrders(stage.db, [id])).map(({ askedBy }) => askedBy);

  it('orders one for an approved registration whose customer’s account is certain', async () => {
    await mirrorAccount(base.db);
    const id = await approved();
    expect(await stage.command(id, create())).toEqual({ kind: 'done' });
    expect([await orders(id), await linkOf(stage, id)]).toEqual([['manager'], null]);
    expect(await stage.command(id, create())).toMatchObject({
      code: 'LINK_NOT_ALLOWED',
      message: expect.stringContaining('is being made'),
    });
  });

  it('is for the owner of the account as well', async () => {
    await mirrorAccount(base.db);
    await ownAccount(base, ACCOUNT, 'rep2');
    const id = await approved();
    expect(await stage.command(id, create('rep'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await stage.command(id, create('rep2'))).toEqual({ kind: 'done' });
  });

  it('says what to do where the account is not certain, and takes the one that people chose', async () => {
    const id = await approved();
    expect(await stage.command(id, create())).toMatchObject({
      code: 'LINK_NOT_ALLOWED',
      message: expect.stringContaining('Choose it on the record'),
    });
    const place = { registrationId: id, connection: CRM, customerAccount: ACCOUNT, opportunity: null };
    await stage.db.transaction().execute((trx) => savePlace(trx, place));
    expect(await stage.command(id, create())).toEqual({ kind: 'done' });
  });

  it('refuses what is linked, not approved, or in a CRM where nothing can be made', async () => {
    await mirrorAccount(base.db);
    const id = await approved();
    await stage.command(id, link());
    expect(await stage.command(id, create())).toMatchObject({ code: 'LINK_NOT_ALLOWED' });
    expect(await stage.command(await withStatus('denied'), create())).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
    const { conversion: _none, ...plain } = stage.deps.connections.get(CRM) ?? {};
    const bare = stage.withDependencies({ connections: new Map([[CRM, plain as never]]) });
    await bare.command(id, unlink());
    expect(await bare.command(id, create())).toMatchObject({
      code: 'LINK_NOT_ALLOWED',
      message: expect.stringContaining('cannot be made'),
    });
  });
});

describe('where registrations are opportunities', () => {
  const profile = salesforceProfile('Opportunity');
  const own = () => stage.withDependencies({ connections: new Map([[CRM, { ...silentConnection(), mapping: profile.mapping }]]) });
  const REFUSED = { kind: 'refused', message: expect.stringContaining('is an opportunity itself') };

  it('neither link, nor relink, nor unlink parts a registration from itself', async () => {
    const id = await approved();
    const itself = { registrationId: id, connection: CRM, customerAccount: null, opportunity: OPPORTUNITY };
    await stage.db.transaction().execute((trx) => savePlace(trx, itself));
    for (const command of [link(OTHER), relink(OTHER), unlink()]) expect(await own().command(id, command)).toMatchObject(REFUSED);
    expect(await linkOf(stage, id)).toMatchObject({ opportunity: OPPORTUNITY });
  });

  it.each<[RegistrationStatus, boolean]>([
    ['submitted', true],
    ['in_review', true],
    ['returned', true],
    ['approved', true],
    ['won', true],
    ['denied', false],
    ['withdrawn', false],
    ['expired', false],
  ])('the record of one that is %s is a partner’s, and not the direct team’s: %s', async (status, isPartners) => {
    const id = await withStatus(status);
    const record = { localId: id, remoteId: OPPORTUNITY, base: {}, remoteStamp: null };
    await stage.db.transaction().execute((trx) => saveLink(trx, CRM, 'registration', record, MONDAY));
    const partners = await readPartnerOpportunities(stage.db, CRM, [OPPORTUNITY, OTHER]);
    expect([...partners]).toEqual(isPartners ? [OPPORTUNITY] : []);
  });
});
