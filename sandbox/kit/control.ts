/** The control calls that every sandbox answers under `/_sandbox`; the vendors have nothing like them. */

import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CallLog } from './call-log.ts';
import type { SandboxClock } from './clock.ts';
import { faultRequest, FAULTS } from './fault.ts';
import type { FaultBook } from './fault.ts';

export const CONTROL_PREFIX = '/_sandbox';

export interface SandboxControl {
  readonly calls: CallLog;
  readonly faults: FaultBook;
  readonly clock: SandboxClock;
  /** Back to the sample: records, faults, calls and clock. */
  readonly reset: () => void;
  /** Told after the clock was moved, so that its offset can be kept. */
  readonly clockMoved: (offsetMs: number) => void;
}

const clockRequest = z.union([
  z.strictObject({ now: z.union([z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)), z.number().nonnegative()]) }),
  z.strictObject({ advanceMs: z.number() }),
]);

export function registerControl(app: FastifyInstance, control: SandboxControl): void {
  app.post(`${CONTROL_PREFIX}/reset`, async () => {
    control.reset();
    return { reset: true, now: new Date(control.clock.now()).toISOString() };
  });
  app.get(`${CONTROL_PREFIX}/calls`, async () => control.calls.counts());
  app.get(`${CONTROL_PREFIX}/faults`, async () => ({ rules: control.faults.rules() }));
  app.post(`${CONTROL_PREFIX}/faults`, async (request, reply) => {
    const parsed = faultRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    control.faults.replace(parsed.data.rules);
    return { accepted: parsed.data.rules.map((rule) => rule.fault), faults: FAULTS };
  });
  app.post(`${CONTROL_PREFIX}/clock`, async (request, reply) => {
    const parsed = clockRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    if ('now' in parsed.data) control.clock.set(parsed.data.now);
    else control.clock.advance(parsed.data.advanceMs);
    control.clockMoved(control.clock.offsetMs());
    return { now: new Date(control.clock.now()).toISOString() };
  });
}

/** 400 with every problem by its place in the body. */
export function refuseControl(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const problems = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  return reply.code(400).send({ error: 'invalid control request', problems });
}
