import { refusalOf } from '../../program/command-refusal.ts';
import { isRegistrationMessage } from '../../program/messages.ts';
import { mayBePrimary, SUBMITTED, type RegistrationCommand } from '../../program/registration-life.ts';
import { REGISTRATION_STATUSES, type RegistrationStatus } from '../../program/vocabulary.ts';

const NOW = '2026-03-02T12:00:00.000Z';

const codeFor = (status: RegistrationStatus, command: RegistrationCommand) =>
  refusalOf({ ...SUBMITTED, status }, command, NOW)?.code ?? null;
const link = (primary: boolean | null, kind: 'link' | 'relink' = 'link') =>
  ({ kind, connection: 'salesforce', opportunity: '006', primary, actor: 'manager' }) as const;
const NOT_NOW = 'STATE_DOES_NOT_ALLOW';

describe('refusalOf a command about the opportunity', () => {
  it.each(REGISTRATION_STATUSES)('lets one that is %s be linked, moved and left alone, and be the primary if it was approved', (status) => {
    const asPrimary = status === 'approved' || status === 'won' ? null : NOT_NOW;
    expect(mayBePrimary(status)).toBe(asPrimary === null);
    for (const kind of ['link', 'relink'] as const) {
      expect([null, false, true].map((primary) => codeFor(status, link(primary, kind)))).toEqual([null, null, asPrimary]);
    }
    expect(codeFor(status, { kind: 'unlink', connection: 'salesforce', actor: 'manager' })).toBeNull();
  });

  it.each(REGISTRATION_STATUSES)('has an opportunity made for one that is approved alone: %s', (status) => {
    const expected = status === 'approved' ? null : NOT_NOW;
    expect(codeFor(status, { kind: 'create_opportunity', connection: 'salesforce', actor: 'manager' })).toBe(expected);
  });
});

describe('isRegistrationMessage of a command about the opportunity', () => {
  const isMessage = (command: object) => isRegistrationMessage({ commandId: 'api:1', command });
  const linking = { kind: 'link', connection: 'salesforce', opportunity: '006', primary: null, actor: 'manager' };

  it.each([
    linking,
    { ...linking, kind: 'relink', primary: true },
    { kind: 'unlink', connection: 'salesforce', actor: 'manager' },
    { kind: 'create_opportunity', connection: 'salesforce', actor: 'manager' },
  ])('takes %j', (command) => {
    expect(isMessage(command)).toBe(true);
  });

  it.each([
    { ...linking, opportunity: undefined },
    { ...linking, opportunity: '' },
    { ...linking, primary: 'yes' },
    { ...linking, primary: undefined },
    { ...linking, connection: 7 },
    { ...linking, actor: '' },
    { kind: 'unlink', actor: 'manager' },
    { kind: 'create_opportunity', actor: 'manager' },
    { kind: 'merge', connection: 'salesforce', actor: 'manager' },
  ])('refuses %j', (command) => {
    expect(isMessage(command)).toBe(false);
  });
});
