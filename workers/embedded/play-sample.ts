import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { EmbeddedContext, Story } from './embedded-context.ts';
import { EmbeddedFailure } from './embedded-failure.ts';

/** As many of the sample registrations are played as show every outcome; the rest is for benchmarks and simulations. */
const PLAYED = 100;
const DECIDED_WITHIN_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

const partners = z.array(z.looseObject({ externalId: z.string() }));
const registrations = z.array(
  z.object({
    registration: z.looseObject({ externalId: z.string(), partnerId: z.string(), expectedCloseInDays: z.number() }),
    label: z.string(),
    truth: z.looseObject({ expectedOutcome: z.enum(['approved', 'denied', 'in_review']) }),
  }),
);
const answer = z.looseObject({ id: z.string(), status: z.string() });

interface Played {
  readonly id: string;
  readonly expected: string;
  readonly status: string;
}

/**
 * Plays the sample through the API, as partners would: the partners first, then registrations in the order in which they were drawn, since a conflict follows its base.
 *
 * Only once in a data folder. What was decided is compared with what the sample says, and the difference, if any, is part of the story.
 */
export async function playSample(context: EmbeddedContext): Promise<Story> {
  const marker = join(context.dataDir, 'sample-played.json');
  if (existsSync(marker))
    return { done: ['resumed: the sample was played before, everything is where it was'], tries: triesFor(context, readMarker(marker)) };
  const folder = join(context.projectRoot, 'programs', 'sample');
  const everyPartner = partners.parse(JSON.parse(readFileSync(join(folder, 'partners.json'), 'utf8')));
  const stream = registrations.parse(JSON.parse(readFileSync(join(folder, 'registrations.json'), 'utf8'))).slice(0, PLAYED);

  await context.progress.during(`registering ${everyPartner.length} sample partners`, async () => {
    for (const { externalId, ...partner } of everyPartner)
      await call(context, 'PUT', `/v1/partners/${encodeURIComponent(externalId)}`, partner);
  });
  const received = await context.progress.during(`registering ${stream.length} sample deals`, async () => {
    const ids: { id: string; expected: string }[] = [];
    for (const { registration, truth } of stream) {
      const { expectedCloseInDays, ...claim } = registration;
      const expectedCloseDate = new Date(Date.now() + expectedCloseInDays * DAY_MS).toISOString().slice(0, 10);
      const { id } = answer.parse(await call(context, 'POST', '/v1/registrations', { ...claim, expectedCloseDate }));
      ids.push({ id, expected: truth.expectedOutcome });
    }
    return ids;
  });
  const played = await context.progress.during('waiting until they are decided', () => waitUntilDecided(context, received));
  const inReview = played.find((deal) => deal.status === 'in_review')?.id ?? null;
  writeFileSync(marker, JSON.stringify({ inReview }));
  return { done: summarise(everyPartner.length, played), tries: triesFor(context, { inReview }) };
}

async function waitUntilDecided(
  context: EmbeddedContext,
  received: readonly { id: string; expected: string }[],
): Promise<readonly Played[]> {
  const deadline = Date.now() + DECIDED_WITHIN_MS;
  const played: Played[] = [];
  for (const { id, expected } of received) {
    for (;;) {
      context.signal.throwIfAborted();
      const { status } = answer.parse(await call(context, 'GET', `/v1/registrations/${id}`));
      if (status !== 'submitted') {
        played.push({ id, expected, status });
        break;
      }
      if (Date.now() > deadline)
        throw new EmbeddedFailure(
          `Registration ${id} of the sample is still not decided.`,
          `read ${join(context.dataDir, 'logs', 'worker.log')}, mend what it names and start again.`,
        );
      await delay(100);
    }
  }
  return played;
}

function summarise(partnerCount: number, played: readonly Played[]): readonly string[] {
  const count = (status: string): number => played.filter((deal) => deal.status === status).length;
  const asExpected = played.filter((deal) => deal.status === deal.expected).length;
  return [
    `${partnerCount} partners of the sample program were registered and synced`,
    `${played.length} deals were registered: ${count('approved')} approved and protected, ${count('denied')} denied, ${count('in_review')} wait for people`,
    `${asExpected} of ${played.length} were decided as the sample's truth labels say`,
  ];
}

function triesFor(context: EmbeddedContext, { inReview }: { inReview: string | null }): readonly string[] {
  const header = `-H 'Authorization: Bearer ${context.apiToken}'`;
  const inCrm =
    context.salesforceSandboxUrl === null && context.hubspotSandboxUrl !== null
      ? `${context.hubspotSandboxUrl}, user manager, Deal registrations, Edit, Requested decision: approve; the answer comes in Note of Dealkeeper`
      : `${context.salesforceSandboxUrl ?? 'your CRM'}, user manager, Deal Registrations, Approve; the answer comes in Sync Note`;
  return [
    `decide a deal as a manager in the CRM: ${inCrm}`,
    inReview === null
      ? `list the deals: curl ${header} ${context.apiUrl}/v1/registrations`
      : `ask why a deal waits: curl ${header} ${context.apiUrl}/v1/registrations/${inReview}/explanation?audience=internal`,
    context.temporalUiUrl === null
      ? `list the open cases: curl ${header} ${context.apiUrl}/v1/cases?status=open`
      : `follow the open cases: ${context.temporalUiUrl}/namespaces/${context.temporalNamespace}/workflows?query=WorkflowType%3D%22conflictCase%22`,
  ];
}

function readMarker(file: string): { inReview: string | null } {
  const parsed = z.object({ inReview: z.string().nullable() }).safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : { inReview: null };
}

async function call(context: EmbeddedContext, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${context.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${context.apiToken}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: context.signal,
  });
  if (response.ok) return response.json();
  throw new EmbeddedFailure(
    `The sample could not be played: ${method} ${path} answered ${response.status}: ${(await response.text()).slice(0, 600)}`,
    'this is a defect of the sample or of the API; the system itself goes on when it is started again.',
  );
}
