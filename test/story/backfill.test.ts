import { runCommand, startCommand } from '../workers/cli/run-command.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { until } from '../support/until.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 240_000;
/** As few as make a job of the CRM worth it, and some. */
const BULK_FROM = 200;
const CUSTOMERS = 230;

interface BackfillStatus {
  readonly state: string;
  readonly objects: readonly {
    readonly objectType: string;
    readonly state: string;
    readonly done: number;
    readonly total: number | null;
  }[];
}

describeWith(findServers().temporal, 'An operator who has everything read again', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory('backfill', undefined, { SALESFORCE_BULK_FROM: String(BULK_FROM) });
  }, START_MS);
  afterAll(() => story?.system.close(), START_MS);

  const environment = () => ({ DATA_DIR: story.system.dataDir, API_TOKEN: story.system.apiToken });
  const backfill = (...args: readonly string[]) => runCommand(['backfill', '--objects', 'account', ...args], environment());
  const status = async (): Promise<BackfillStatus> => JSON.parse((await backfill('--status', '--json')).stdout) as BackfillStatus;
  const queryJobs = async (): Promise<readonly { readonly id: string; readonly state: string }[]> => {
    const response = await fetch(`${story.system.salesforceUrl}/services/data/v66.0/jobs/query`, {
      headers: { authorization: 'Bearer 00D000000000001!integration' },
    });
    return ((await response.json()) as { records: { id: string; state: string }[] }).records;
  };

  it(
    'sees how far it is; Ctrl-C leaves it going and says how to follow it; a worker that dies loses nothing of it; and the same command goes on with it',
    async () => {
      const names = Array.from({ length: CUSTOMERS }, (_unused, index) => `Customer ${index}`);
      for (let first = 0; first < names.length; first += 200) {
        const records = names.slice(first, first + 200).map((Name) => ({ attributes: { type: 'Account' }, Name }));
        await fetch(`${story.system.salesforceUrl}/services/data/v66.0/composite/sobjects`, {
          method: 'POST',
          headers: { authorization: 'Bearer 00D000000000001!rep', 'content-type': 'application/json' },
          body: JSON.stringify({ records }),
        });
      }
      await story.quiet();
      const before = new Set((await queryJobs()).map(({ id }) => id));
      const begunSince = async () => (await queryJobs()).filter(({ id }) => !before.has(id));
      const total = (await story.crm.query('SELECT Id FROM Account')).length;
      await story.crm.control('bulk', { hold: true });
      const writes = (await story.crm.calls()).writes;

      const watched = startCommand(['backfill', '--objects', 'account'], environment());
      await until('a job that the CRM works on', async () => (await begunSince()).some(({ state }) => state === 'InProgress'));
      await until('progress on the terminal', async () => watched.printed.stderr.includes(`accounts: 0 of ${total} read`));
      watched.signal('SIGINT');
      const interrupted = await watched.ended;
      expect([interrupted.exitCode, interrupted.stdout]).toEqual([130, '']);
      expect(interrupted.stderr).toContain('The backfill of salesforce goes on without this command.\n');
      expect(interrupted.stderr).toContain('Follow it with `npm run cli -- backfill --objects account`');
      expect(await status()).toMatchObject({ state: 'running', objects: [{ objectType: 'account', state: 'reading', done: 0, total }] });

      const worker = story.system.parts().find(({ name }) => name === 'The worker');
      process.kill(worker?.pid ?? 0, 'SIGKILL');
      await until('another worker', async () => story.system.parts().some(({ name, pid }) => name === 'The worker' && pid !== worker?.pid));
      const again = startCommand(['backfill', '--objects', 'account'], environment());
      await until('progress on the terminal again', async () => again.printed.stderr.includes(`accounts: 0 of ${total} read`));
      await story.crm.control('bulk', { hold: false });
      const { exitCode, stdout } = await again.ended;
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^salesforce: {2}everything was read\n/);
      expect(stdout).toMatch(new RegExp(`\\naccount +done +${total} of ${total} +0\\n$`));
      expect(await status()).toMatchObject({ state: 'done' });
      // The job that was begun first was gone on with: nothing was asked for twice, and nothing was written but that job.
      expect((await begunSince()).map(({ state }) => state)).toEqual(['JobComplete']);
      expect((await story.crm.calls()).writes - writes).toBe(1);
    },
    STORY_MS,
  );
});
