import { digestOfText, digestOfValues } from '../../../store/audit-text.ts';
import { listAudit, type AuditEntry } from '../../../store/audit.ts';
import { storeCaseCommand } from '../../../store/case-command.ts';
import { keepVersion } from '../../../store/program-version.ts';
import { verifyAudit } from '../../../store/verify-audit.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(async () => {
  // Whatever a test does, what it leaves behind is whole.
  const { faults } = await verifyAudit(stage.db, null);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  await emptyStore(stage.db);
});
afterAll(() => postgres.stop());

const auditOf = (subject: string): Promise<readonly AuditEntry[]> => listAudit(stage.db, subject, 100);
const ofClaim = (id: string): Promise<readonly AuditEntry[]> => auditOf(`registration/${id}`);
const lastOf = async (id: string): Promise<AuditEntry | undefined> => (await ofClaim(id)).at(-1);

describe('the audit of a command', () => {
  it('has who asked for what, under which id, and digests in place of words and values', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const amendment = { description: 'a larger deal' };
    await stage.command(
      registrationId,
      { kind: 'decide', decision: 'return', actor: 'manager' },
      { commandId: 'one', comment: 'Who is the user?' },
    );
    await stage.command(registrationId, { kind: 'amend', actor: 'partner' }, { commandId: 'two', amendment });
    expect(await ofClaim(registrationId)).toMatchObject([
      {
        position: 1,
        kind: 'received',
        actor: 'api',
        details: { sequence: expect.any(Number) as unknown, programVersion: '2026.1', contentDigest: registrationId },
      },
      {
        position: 2,
        kind: 'judged',
        actor: 'program',
        details: { from: 'submitted', to: 'in_review', outcome: 'review', occasion: 'receipt', programVersion: '2026.1' },
      },
      {
        position: 3,
        kind: 'asked',
        actor: 'manager',
        details: {
          commandId: 'one',
          command: 'decide',
          decision: 'return',
          commentDigest: digestOfText('Who is the user?'),
          valuesDigest: null,
        },
      },
      { position: 4, kind: 'returned', actor: 'manager', details: { commandId: 'one', to: 'returned' } },
      {
        position: 5,
        kind: 'asked',
        actor: 'partner',
        details: { commandId: 'two', command: 'amend', commentDigest: null, valuesDigest: digestOfValues(amendment) },
      },
      { position: 6, kind: 'amended', actor: 'partner', details: { commandId: 'two', to: 'in_review' } },
      { position: 7, kind: 'judged', details: { occasion: 'amended' } },
    ]);
    expect(JSON.stringify(await ofClaim(registrationId))).not.toMatch(/Who is the user|a larger deal/);
  });

  it('has it once, however often it is sent', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const approve = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
    await stage.command(registrationId, approve, { commandId: 'once' });
    await stage.command(registrationId, approve, { commandId: 'once' });
    expect((await ofClaim(registrationId)).filter(({ kind }) => kind === 'asked' || kind === 'approved')).toHaveLength(2);
  });

  it('has the refusal with its code', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'rep' }, { commandId: 'no' });
    expect(await lastOf(registrationId)).toMatchObject({
      kind: 'refused',
      actor: 'rep',
      details: { commandId: 'no', command: 'decide', code: 'ACTOR_MAY_NOT_DECIDE' },
    });
  });

  it('has what was granted', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' }, { commandId: 'yes' });
    const { protection } = (await stage.registration(registrationId)).state;
    expect(await lastOf(registrationId)).toMatchObject({
      kind: 'approved',
      actor: 'manager',
      details: { commandId: 'yes', from: 'in_review', to: 'approved', protectedUntil: protection?.until },
    });
    await stage.command(registrationId, { kind: 'extend', days: null, actor: 'partner' }, { commandId: 'more' });
    const extended = (await stage.registration(registrationId)).state.protection;
    expect(extended?.until).not.toBe(protection?.until);
    expect(await lastOf(registrationId)).toMatchObject({
      kind: 'extended',
      details: { commandId: 'more', protectedUntil: extended?.until },
    });
  });
});

describe('the audit of a person who overrules the rules', () => {
  it('names the rules that had found something', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '4000.00', currency: 'USD' } });
    expect(await lastOf(registrationId)).toMatchObject({
      kind: 'judged',
      details: { to: 'denied', outcome: 'deny', rules: ['C19_below_minimum'] },
    });
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'director' });
    expect(await lastOf(registrationId)).toMatchObject({
      kind: 'approved',
      actor: 'director',
      details: { overruled: ['C19_below_minimum'] },
    });
  });

  it('names none where none had: the control', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect((await lastOf(registrationId))?.details).not.toHaveProperty('overruled');
  });
});

describe('the audit of a case', () => {
  async function contested() {
    const holder = await stage.receiveAndEvaluate();
    const claimant = await stage.receiveAndEvaluate({ customer: { domain: null } });
    return { holder: holder.registrationId, claimant: claimant.registrationId, caseId: claimant.state.caseId ?? '' };
  }

  it('has its conflict, its sides, what was asked for with the digest of the words, and how it was settled over which rule', async () => {
    const { holder, claimant, caseId } = await contested();
    const command = { outcome: 'award', registrationId: claimant, actor: 'manager' } as const;
    await storeCaseCommand(stage.db, caseId, { commandId: 'settle', command, comment: 'They were first.' }, MONDAY);
    await stage.cases.settleCase(caseId, { commandId: 'settle', command }, MONDAY);
    expect(await auditOf(`case/${caseId}`)).toMatchObject([
      { kind: 'opened', details: { rule: 'C02_active_protection', claimant, rivals: [holder] } },
      {
        kind: 'asked',
        actor: 'manager',
        details: {
          commandId: 'settle',
          command: 'resolve',
          outcome: 'award',
          registrationId: claimant,
          commentDigest: digestOfText('They were first.'),
        },
      },
      {
        kind: 'settled',
        actor: 'manager',
        details: { rule: 'C02_active_protection', outcome: 'award', registrationId: claimant, commandId: 'settle' },
      },
    ]);
    expect(await lastOf(holder)).toMatchObject({
      kind: 'revoked',
      actor: 'manager',
      details: { settled: caseId, commandId: 'settle', protectedUntil: null },
    });
    expect(await lastOf(claimant)).toMatchObject({
      kind: 'judged',
      details: { settledBy: 'manager', to: 'approved', occasion: `case settled: ${caseId}` },
    });
  });

  it('that is settled on the claim names the command there', async () => {
    const { claimant, caseId } = await contested();
    await stage.command(claimant, { kind: 'decide', decision: 'deny', actor: 'manager' }, { commandId: 'there' });
    expect((await auditOf(`case/${caseId}`)).at(-1)).toMatchObject({ kind: 'settled', details: { outcome: 'deny', commandId: 'there' } });
    expect(await lastOf(claimant)).toMatchObject({ kind: 'denied', actor: 'manager', details: { settled: caseId, commandId: 'there' } });
  });

  it('has who was refused, and who joined later', async () => {
    const { caseId } = await contested();
    await stage.settle(caseId, 'deny', 'rep');
    const other = await stage.receiveAndEvaluate({ customer: { domain: null } });
    expect(other.state.caseId).toBe(caseId);
    expect((await auditOf(`case/${caseId}`)).slice(1)).toMatchObject([
      { kind: 'refused', actor: 'rep', details: { code: 'ACTOR_MAY_NOT_DECIDE' } },
      { kind: 'joined', details: { joined: [{ registrationId: other.registrationId, side: 'claimant' }] } },
    ]);
  });
});

describe('the audit of claims that follow another', () => {
  it('has whom a claim waited for when it is released, and behind whom it moved up', async () => {
    const first = await stage.receiveAndEvaluate(FOR_MANAGER);
    const second = await stage.receiveAndEvaluate();
    expect(second.state.waitingFor).toEqual([first.registrationId]);
    await stage.command(first.registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect(await lastOf(second.registrationId)).toMatchObject({ kind: 'released', details: { waitedFor: first.registrationId, left: 0 } });
    await stage.runMessages();
    await stage.command(first.registrationId, { kind: 'withdraw', actor: 'partner' }, { commandId: 'away' });
    const promoted = (await ofClaim(second.registrationId)).find(({ kind }) => kind === 'promoted');
    expect(promoted).toMatchObject({ actor: 'program', details: { behind: first.registrationId } });
    expect(promoted?.details).not.toHaveProperty('commandId');
  });

  it('has every status that a claim ever had, one after the other', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.command(registrationId, { kind: 'decide', decision: 'return', actor: 'manager' });
    await stage.command(registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'complete' } });
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    await stage.command(registrationId, { kind: 'revoke', actor: 'director' }, { comment: 'no progress' });
    const steps = (await ofClaim(registrationId)).flatMap(({ details }) =>
      'from' in details ? [details as { from: string; to: string }] : [],
    );
    for (const [index, { from }] of steps.entries()) if (index > 0) expect(from).toBe(steps[index - 1]?.to);
    expect(steps.map(({ to }) => to)).toEqual(['in_review', 'returned', 'in_review', 'in_review', 'approved', 'revoked']);
  });
});

describe('the audit of a program', () => {
  it('has each version that was put in force, once, with its digest', async () => {
    const kept = { programId: 'acme', version: '2026.1', digest: 'ab'.repeat(32), definition: {}, firstUsedAt: MONDAY };
    await keepVersion(stage.db, kept);
    await keepVersion(stage.db, { ...kept, digest: 'cd'.repeat(32) });
    expect(await auditOf('program/acme')).toMatchObject([
      { kind: 'put in force', actor: 'program', at: MONDAY, details: { version: '2026.1', digest: 'ab'.repeat(32) } },
    ]);
  });
});
