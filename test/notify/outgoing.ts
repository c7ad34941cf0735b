import type { OutgoingMessage } from '../../notify/port.ts';

/** A message that nothing is wrong with, as a channel is given it. */
export function outgoing(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    id: '0d9f7a52-6a6e-8c1a-a111-2f0d9a1b2c3d',
    thread: 'registration/6f2c1e9a-1111-4222-8333-444455556666',
    occurredAt: '2026-11-16T15:00:00.000Z',
    address: 'partner@aster.example',
    subject: 'Registration DR-1 (Northwind Inc): approved',
    text: 'Your registration is approved.',
    body: { type: 'registration.approved', timestamp: '2026-11-16T15:00:00.000Z', data: { registrationId: 'r-1', externalId: 'DR-1' } },
    ...changes,
  };
}
