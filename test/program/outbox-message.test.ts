import { outboxMessage } from '../../program/outbox-message.ts';

describe('outboxMessage', () => {
  it.each([
    { kind: 'start_registration', payload: {} },
    { kind: 'refresh_registration', payload: { reevaluate: true } },
    { kind: 'refresh_registration', payload: { reevaluate: false, reconsider: true } },
    { kind: 'command_registration', payload: { commandId: 'crm:salesforce:1' } },
    { kind: 'start_case', payload: {} },
    { kind: 'refresh_case', payload: {} },
    { kind: 'refresh_case', payload: { reconsider: true } },
  ])('is read as it was written: %j', (message) => {
    expect(outboxMessage.parse(message)).toEqual(message);
  });

  it.each([
    ['an unknown kind', { kind: 'refresh_partner', payload: {} }],
    ['a refresh that does not say what for', { kind: 'refresh_registration', payload: {} }],
    ['a command without its id', { kind: 'command_registration', payload: {} }],
    ['no payload', { kind: 'start_case' }],
  ])('refuses %s', (_what, message) => {
    expect(outboxMessage.safeParse(message).success).toBe(false);
  });
});
