import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../store/database.ts';
import { createDecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const GITLAB = ['--program', 'gitlab@2026', '--against', 'programs/gitlab-2025.yaml'];
const STREAM = ['--stream', 'programs/sample', '--words', 'programs/sample/as-gitlab.json'];

let postgres: TestPostgres;
let db: Database;
let environment: Readonly<Record<string, string>>;
const folder = makeTemporaryFolder('program-history');

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  db = opened.db;
  environment = { DATABASE_URL: opened.url };
  const stage = createDecisionStage(db);
  await stage.receiveAndEvaluate();
  await stage.receiveAndEvaluate();
}, 60_000);

afterAll(async () => {
  await postgres.stop();
  folder.remove();
});

function write(name: string, value: unknown): string {
  const file = join(folder.path, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const ONE = {
  externalId: 'DR-1',
  partnerId: 'P-1',
  kind: 'resale',
  customer: { name: 'Northwind', domain: 'northwind.example', country: 'US' },
  productLines: ['platform'],
  estimatedValue: { amount: '9000.00', currency: 'USD' },
  expectedCloseInDays: 30,
};

/** A folder as `--stream` reads it, with one partner and an empty CRM. */
function writeStream(registrations: readonly object[]): void {
  write('partners.json', [
    { externalId: 'P-1', name: 'Aster', country: 'US', type: 'reseller', track: 'solution', tier: 'gold', status: 'active' },
  ]);
  write('crm.json', { accounts: [], opportunities: [] });
  write(
    'registrations.json',
    registrations.map((registration) => ({ registration })),
  );
}

describe('program replay', () => {
  it('says that every stored decision comes out the same, and exits 0', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'replay'], environment);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe('2 decisions: 2 equal bit for bit, 0 different, 0 of a version that is not known\n');
  });

  it('looks only at what was received since a day', async () => {
    const { stdout } = await runCommand(['program', 'replay', '--since', '2999-01-01', '--json'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ decisions: 0 });
  });

  it('names a decision that somebody changed, and exits 1', async () => {
    const row = await db.selectFrom('verdict').selectAll().orderBy('id').executeTakeFirstOrThrow();
    const change = (verdict: object) =>
      db
        .updateTable('verdict')
        .set({ verdict: JSON.stringify(verdict) })
        .where('id', '=', row.id)
        .execute();
    await change({ ...row.verdict, outcome: 'deny' });
    const { exitCode, stdout, stderr } = await runCommand(['program', 'replay'], environment);
    await change(row.verdict);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('outcome: "deny" → "approve"');
    expect(stderr).toMatch(/^1 of 2 decisions did not come out as they were stored\.\nRemedy: \S/);
  });
});

describe('program simulate', () => {
  it('runs the history of the store against the versions that decided it', async () => {
    const { exitCode, stdout, stderr } = await runCommand(
      ['program', 'simulate', '--program', 'programs/acme.yaml', '--json'],
      environment,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      baseline: { claims: 2 },
      candidate: { claims: 2 },
      comparison: { counts: { unchanged: 2 }, changed: [] },
      unknownVersions: [],
    });
  });

  it('runs a folder of files under two programs, without a store, and shows both beside each other', async () => {
    const { exitCode, stdout } = await runCommand(['program', 'simulate', ...GITLAB, ...STREAM, '--unanswered', 'yes']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^registrations +1100 +1100 +0$/m);
    expect(stdout).toMatch(/^protected value +USD [\d,.]+ +USD [\d,.]+ +USD -?[\d,.]+$/m);
    expect(stdout).toMatch(/^DR-\d{4} +(wins|loses) /m);
    expect(stdout).toContain('more changed; --json has them all.');
  });

  it('gives every changed claim as JSON', async () => {
    const { stdout } = await runCommand(['program', 'simulate', ...GITLAB, ...STREAM, '--json']);
    const { comparison } = JSON.parse(stdout) as { comparison: { counts: Record<string, number>; changed: readonly unknown[] } };
    const { unchanged = 0, ...changes } = comparison.counts;
    expect(comparison.changed).toHaveLength(Object.values(changes).reduce((sum, each) => sum + each, 0));
    expect(comparison.changed.length + unchanged).toBe(1_100);
  });

  it.each([
    ['a program that is not there', ['--program', 'nothing'], 'nothing names no program.'],
    [
      'a file that is not there',
      ['--program', 'programs/nowhere.yaml', '--against', 'gitlab@2025'],
      'programs/nowhere.yaml cannot be read (ENOENT).',
    ],
    [
      'a definition that the check refuses',
      ['--program', 'test/fixtures/bad-program.yaml', ...STREAM],
      'bad-program.yaml:30 L406 systems: ',
    ],
    [
      'a stream of which no program knows a word',
      [...GITLAB, '--stream', 'programs/sample'],
      '539 registrations name product line platform, which gitlab 2026 does not declare: left out',
    ],
    ['a stream with --since', [...GITLAB, ...STREAM, '--since', '2026-01-01'], '--since is for the history of the store'],
    ['a folder without files', [...GITLAB, '--stream', 'docs'], 'docs/crm.json cannot be read (ENOENT)'],
    ['a date that does not exist', ['--program', 'gitlab@2026', '--since', '2026-02-30'], 'expected a date such as 2026-01-31'],
    ['no days', [...GITLAB, ...STREAM, '--days', '0'], 'expected a whole number, 1–3660'],
    ['another word for silence', [...GITLAB, '--unanswered', 'no'], 'Allowed choices are waiting, yes'],
  ] as const)('refuses %s with the reason and a remedy', async (_what, options, reason) => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'simulate', ...options], environment);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/Remedy: \S/);
  });

  it('names what is wrong in a file of a stream', async () => {
    write('partners.json', [{ externalId: 'P-1', name: 'Aster', country: 'USA', type: 'reseller', status: 'asleep' }]);
    write('crm.json', { accounts: [], opportunities: [] });
    write('registrations.json', []);
    const { stderr } = await runCommand(['program', 'simulate', ...GITLAB, '--stream', folder.path]);
    expect(stderr).toContain('partners.json 0.country: ');
    expect(stderr).toContain('partners.json 0.status: ');
  });

  it.each([
    ['a tender that is a word', { tender: 'RFP-1' }, 'facts.tender: '],
    ['a quantity in quotes', { quantity: '100' }, 'facts.quantity: expected a whole number of units'],
    [
      'a date that does not exist',
      { tender: { reference: 'RFP-1', publishedOn: '2026-13-01' } },
      'facts.tender.publishedOn: expected a date',
    ],
    ['a misspelt fact', { answer: { rfp: true } }, 'answer'],
    ['an answer that is a list', { answers: { rfp: [true] } }, 'facts.answers.rfp: '],
  ])('refuses %s in a stream', async (_what, facts, problem) => {
    writeStream([{ ...ONE, facts }]);
    const { exitCode, stderr } = await runCommand(['program', 'simulate', '--program', 'acme@2026.1', '--stream', folder.path]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('registrations.json 0.registration.facts');
    expect(stderr).toContain(problem);
  });

  it('refuses a stream in which two registrations have one id', async () => {
    writeStream([ONE, ONE]);
    const { stderr } = await runCommand(['program', 'simulate', '--program', 'acme@2026.1', '--stream', folder.path]);
    expect(stderr).toContain('registrations.json 1.registration.externalId: DR-1 is the registration at 0 already');
  });

  it('runs one program alone over a stream, and lists every claim with its rule, route and reasons', async () => {
    writeStream([ONE, { ...ONE, externalId: 'DR-2', estimatedValue: { amount: '60000.00', currency: 'USD' } }]);
    const alone = ['program', 'simulate', '--program', 'acme@2026.1', '--stream', folder.path, '--days', '1', '--all'];
    const { exitCode, stdout } = await runCommand(alone);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^registrations +2$/m);
    expect(stdout).toMatch(/^DR-1: approved, won by routing\n {2}routing: +\S/m);
    expect(stdout).toMatch(/^DR-2: denied, lost by C01_duplicate_same_partner\n {2}C01_duplicate_same_partner: +\S/m);
    const { stdout: json } = await runCommand([...alone, '--json']);
    const { claims, ...rest } = JSON.parse(json) as { claims: readonly { readonly reasons: readonly { readonly rule: string }[] }[] };
    expect(claims.map(({ reasons }) => reasons.map(({ rule }) => rule))).toEqual([['routing'], ['C01_duplicate_same_partner']]);
    expect(rest).not.toHaveProperty('baseline');
  });
});

describe('program preview', () => {
  const claim = {
    externalId: 'DR-1',
    customer: { name: 'Wingtip Toys', domain: 'wingtip.example', country: 'US' },
    contact: { name: 'Ada Ruiz', email: 'ada@wingtip.example' },
    productLines: ['platform'],
    estimatedValue: { amount: '60000.00', currency: 'USD' },
    expectedCloseDate: '2027-06-30',
    description: 'a first phase',
    kind: 'resale',
  };
  const partnerId = async (): Promise<string> =>
    (await db.selectFrom('partner').select('external_id').executeTakeFirstOrThrow()).external_id;

  it('says who would be asked, until when and why, and stores nothing', async () => {
    const before = await db.selectFrom('registration').select('id').execute();
    const file = write('claim.json', { ...claim, partnerId: await partnerId() });
    const { exitCode, stdout, stderr } = await runCommand(['program', 'preview', '--file', file], environment);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^review: +it would be reviewed by people, under program /);
    expect(stdout).toMatch(/^asked: +manager, as partner_manager, until \S+Z$/m);
    expect(stdout).toMatch(/^routing +A value of USD 60,000\.00/m);
    expect(await db.selectFrom('registration').select('id').execute()).toEqual(before);
  });

  it.each<readonly [string, () => string, string]>([
    ['a file that is not there', () => 'nowhere.json', 'nowhere.json cannot be read (ENOENT).'],
    ['a file that is no object', () => write('list.json', []), 'holds no JSON object.'],
    ['a claim that the API refuses', () => write('empty.json', {}), 'customer'],
  ])('refuses %s', async (_what, file, reason) => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'preview', '--file', file()], environment);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
  });
});
