import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSystem, type EmbeddedSystem } from '../support/embedded-system.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { until } from '../support/until.ts';
import { claimOn, usd, type RegistrationAnswer } from './portal.ts';
import { tellStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 240_000;
/** The promise is seconds; a machine that does other things at the same time gets more. */
const STOPS_WITHIN_MS = 20_000;
const RESUMES_WITHIN_MS = 30_000;

describeWith(findServers().temporal, 'An operator', () => {
  let system: EmbeddedSystem;
  let story: Story;
  beforeAll(async () => {
    system = await createSystem('restart', { sample: true });
    await system.start();
    story = tellStory(system);
  }, START_MS);
  afterAll(() => system?.close(), START_MS);

  it(
    'starts it: the sample is played and decided as its truth labels say, and the terminal says what was done and where to look',
    async () => {
      await until('the closing table', async () => system.output().includes('Ctrl-C stops everything'));
      expect(system.output()).toMatch(/100 of 100 were decided as the sample's truth labels say/);
      for (const address of [`${system.apiUrl}/v1`, `${system.apiUrl}/docs`, system.salesforceUrl])
        expect(system.output()).toContain(address);
      expect(await story.portal.list()).toHaveLength(100);
      expect(system.parts().map(({ name }) => name)).toEqual(
        expect.arrayContaining(['The API', 'The worker', 'The Salesforce sandbox', 'The Temporal server', 'PostgreSQL']),
      );
    },
    STORY_MS,
  );

  it(
    'stops it with Ctrl-C and starts it again: nothing is left running, nothing is lost, nothing is decided again, and open steps still wait',
    async () => {
      const { id } = await story.portal.register(claimOn('quince', { partnerId: await activePartner(), ...usd('60000.00') }));
      const waiting = await story.portal.whenStatus(id, 'in_review');
      await story.quiet();
      const before = await story.portal.list();
      const undecided = await story.portal.register(claimOn('medlar', { partnerId: await activePartner() }));
      expect(system.processes().length).toBeGreaterThanOrEqual(5);

      // The last claim was answered a moment ago: wherever it stands now, it is not lost.
      const stopped = await system.stop('SIGINT');
      expect(stopped.exitCode).toBe(0);
      expect(stopped.afterMs).toBeLessThan(STOPS_WITHIN_MS);
      expect(system.processes()).toEqual([]);
      await expect(fetch(`${system.apiUrl}/healthz`)).rejects.toThrow('fetch failed');

      const { readyAfterMs } = await system.start();
      expect(readyAfterMs).toBeLessThan(RESUMES_WITHIN_MS);
      await until('the closing table', async () => system.output().includes('Ctrl-C stops everything'));
      expect(system.output()).toContain('resumed: the sample was played before');
      expect(await story.portal.whenDecided(undecided.id)).toMatchObject({ status: 'approved' });
      await story.whenRow(undecided.id, (row) => row['Status__c'] === 'approved');
      await story.quiet();
      const after = await story.portal.list();
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after).toHaveLength(before.length + 1);
      expect((await story.portal.read(id)).review).toEqual(waiting.review);

      const decided = await story.portal.call<RegistrationAnswer>('POST', `/v1/registrations/${id}/decisions`, {
        decision: 'approve',
        comment: 'It waited overnight.',
        actor: 'manager',
      });
      expect([decided.status, decided.body.status]).toEqual([200, 'approved']);
    },
    STORY_MS,
  );

  it(
    'cannot start it twice on one folder, and is told who has it',
    async () => {
      const second = await createSystem('restart-twin');
      try {
        await expect(second.start({ DATA_DIR: system.dataDir })).rejects.toThrow(/already runs on .*Remedy: stop it there/s);
      } finally {
        await second.close();
      }
      expect((await fetch(`${system.apiUrl}/readyz`)).status).toBe(200);
    },
    STORY_MS,
  );

  it(
    'finds no personal data in the logs, and no token',
    async () => {
      const logs = ['api.log', 'worker.log'].map((name) => readFileSync(join(system.dataDir, 'logs', name), 'utf8')).join('\n');
      expect(logs.length).toBeGreaterThan(1000);
      for (const secret of ['dana.reed@', 'Dana Reed', system.apiToken, 'It waited overnight']) expect(logs).not.toContain(secret);
    },
    STORY_MS,
  );

  async function activePartner(): Promise<string> {
    const answer = await story.portal.call<{ readonly externalId: string }>('PUT', '/v1/partners/P-story', {
      name: 'Story Consulting',
      domain: 'story-consulting.example',
      country: 'US',
      type: 'reseller',
      track: 'solution',
      tier: 'gold',
      status: 'active',
    });
    return answer.body.externalId;
  }
});
