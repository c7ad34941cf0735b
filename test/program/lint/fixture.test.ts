import { readFileSync } from 'node:fs';
import { checkDefinition } from '../../../program/definition/check.ts';
import { LINT_CATALOGUE } from '../../../program/lint/catalogue.ts';
import { TODAY } from './patched.ts';

function check(file: string) {
  return checkDefinition(readFileSync(file, 'utf8'), file, TODAY);
}

function errorsOf(file: string) {
  return check(file).findings.filter(({ severity }) => severity === 'error');
}

describe('the bad program of the handbook', () => {
  it.each([
    ['no clear types of partners or value', 'L401', 'types[0]', 'anyone who signs up'],
    ['subjective tiers', 'L402', 'tracks[0].tiers[1].assignedBy', 'decided by us'],
    ['vague economics', 'L403', 'economics[0].benefits', '"competitive commissions", "flexible arrangements"'],
    ['no systems and no process', 'L406', 'systems', 'mailbox'],
    ['vanity metrics only', 'L409', 'metrics', 'number of partners'],
    ['nothing that scales', 'L407', 'scale[0]', 'deal_registration stays "by e-mail"'],
  ])('fails for %s', (_problem, code, path, passage) => {
    const found = check('test/fixtures/bad-program.yaml').findings.filter((one) => one.code === code);
    expect(found.map((one) => [one.severity, one.path])).toEqual([['error', path]]);
    expect(found[0]?.message).toContain(passage);
  });

  it('fails for nothing else, in the order of the file', () => {
    const { program, findings } = check('test/fixtures/bad-program.yaml');
    expect(program).toBeNull();
    expect(findings.map(({ code }) => code)).toEqual(['L401', 'L402', 'L403', 'L406', 'L409', 'L407']);
  });
});

describe('published programs that contradict themselves', () => {
  it('shows the 5,000 units that no band covers, in the routing and in the benefits', () => {
    expect(errorsOf('test/fixtures/gumdrop-bands.yaml').map(({ code, path, message }) => [code, path, message])).toEqual([
      ['L121', 'economics[0].benefits[0]', 'no discount covers: a quantity of exactly 5,000'],
      ['L101', 'routing.rows', 'no row covers: a quantity of exactly 5,000'],
    ]);
  });

  it('shows that 72 business hours are not 3 business days', () => {
    const [found, ...others] = errorsOf('test/fixtures/contradictory-hours.yaml');
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      code: 'L201',
      path: 'governance.ladder[0].deadline',
      message: '72 business hours (3 business days): in office a day has 8 hours, so 72 business hours are 9 business days',
      remedy: 'keep the one that is meant: 72 business hours or 3 business days.',
    });
  });
});

describe('the shipped programs', () => {
  it('finds nothing at all in acme', () => {
    expect(check('programs/acme.yaml')).toMatchObject({ program: { id: 'acme' }, findings: [] });
  });

  it.each(['programs/gitlab-2025.yaml', 'programs/gitlab-2026.yaml'])('finds no error in %s', (file) => {
    expect(errorsOf(file)).toEqual([]);
    expect(check(file).program).not.toBeNull();
  });
});

describe('the severity of a finding', () => {
  it('is never an error for what time alone brings', () => {
    const acme = readFileSync('programs/acme.yaml', 'utf8');
    const inTenYears = checkDefinition(acme, 'programs/acme.yaml', '2036-11-23');
    expect(inTenYears.program).not.toBeNull();
    expect(new Set(inTenYears.findings.map(({ code }) => code))).toEqual(new Set(['L502', 'L507']));
    for (const { code } of inTenYears.findings) expect(LINT_CATALOGUE[code as 'L502'].severity).toBe('warning');
  });
});
