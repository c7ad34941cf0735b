import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundle } from '@temporalio/worker';
import { bundleWorkflows } from '../support/flow-stage.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { PRIVATE_TEXTS } from './scenario.ts';

jest.setTimeout(120_000);

interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly { readonly eventType: string }[] };
}

const files = globSync('test/replay/*.json').sort();
const histories = files.map((file): [string, RecordedHistory] => [basename(file, '.json'), JSON.parse(readFileSync(file, 'utf8'))]);

/** The SDK reads JSON as other tools write it, and needs one copy of protobufjs in the tree for that; the message class reads its own JSON in any tree. */
async function replay(workflowBundle: WorkflowBundle, { history, workflowId }: RecordedHistory): Promise<void> {
  await Worker.runReplayHistory(
    { workflowBundle, replayName: workflowId },
    temporal.api.history.v1.History.fromObject(history),
    workflowId,
  );
}

describe('the recorded histories', () => {
  it('cover the lives that flows have', () => {
    expect(histories.map(([name]) => name)).toEqual([
      'backfill',
      'case-appealed',
      'case-escalated-awarded',
      'case-handed-over-split',
      'change-events-turns',
      'notify-channel-cycles',
      'registration-claimant-of-a-case',
      'registration-continued-first-run',
      'registration-continued-last-run',
      'registration-escalated',
      'registration-expired',
      'registration-handed-over-appealed',
      'registration-reminded-transferred-revoked',
      'registration-returned-amended-approved',
      'registration-revoked-appealed',
      'registration-revoked',
      'sync-object-cycles',
    ]);
    const types = new Set(histories.flatMap(([, { history }]) => history.events.map(({ eventType }) => eventType)));
    expect([...types]).toEqual(
      expect.arrayContaining(
        [
          'TIMER_FIRED',
          'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
          'WORKFLOW_EXECUTION_SIGNALED',
          'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
          'ACTIVITY_TASK_FAILED',
        ].map((type) => `EVENT_TYPE_${type}`),
      ),
    );
  });

  it.each(histories)('%s replays with the workflows as they are', async (_name, recorded) => {
    await replay(await bundleWorkflows(), recorded);
  });

  it.each(histories)('%s holds no personal data and nothing of a machine', (_name, recorded) => {
    expect(findPrivate(readable(recorded))).toEqual([]);
  });
});

describe('a change of a workflow', () => {
  const folder = makeTemporaryFolder('replay');
  let changed: WorkflowBundle;

  beforeAll(async () => {
    for (const name of ['workflows', 'program']) cpSync(name, join(folder.path, name), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'));
    for (const [file, passage, timer = 'condition(() => false, 1_000)'] of [
      ['backfill.ts', '    let pauseMs = 0;', 'sleep(1_000)'],
      ['registration.ts', '  if (progress === null) await advance('],
      ['conflict-case.ts', '  if (progress === null) stale = true;'],
      ['sync-object.ts', '    nudged = false;'],
      ['notify-channel.ts', '    nudged = false;'],
      ['change-events.ts', '    nudged = false;'],
    ] as readonly (readonly [string, string, string?])[]) {
      plant(join(folder.path, 'workflows', file), passage, timer);
    }
    changed = await bundleWorkflowCode({
      workflowsPath: join(folder.path, 'workflows', 'index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
  });
  afterAll(folder.remove);

  /** One more timer before `passage`: enough to make every history that passed there impossible. */
  function plant(file: string, passage: string, timer: string): void {
    const source = readFileSync(file, 'utf8');
    if (!source.includes(passage)) throw new Error(`${file} does not contain: ${passage}`);
    writeFileSync(file, source.replace(passage, `  await ${timer};\n${passage}`));
  }

  it.each(histories.filter(([name]) => name !== 'registration-continued-last-run'))('that breaks %s is caught', async (_name, recorded) => {
    await expect(replay(changed, recorded)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });
});

describe('findPrivate', () => {
  it.each([
    ['an e-mail address', 'write to jane@example.com', ['e-mail address: jane@example.com']],
    ['a name', `of ${PRIVATE_TEXTS.customerName}`, [`customerName: ${PRIVATE_TEXTS.customerName}`]],
    ['a path', 'Error\n at /home/me/dealkeeper/workflows/registration.ts', ['path: /home/me/dealkeeper/workflows/registration.ts']],
    ['a worker', '4711@build-7.internal', ['worker: 4711@build-7.internal']],
    ['ids and codes', 'registration/1c0d… waits for manager until 2026-11-24T15:00:00.000Z', []],
  ])('finds %s', (_what, text, found) => {
    expect(findPrivate(text)).toEqual(found);
  });

  it('looks into payloads', () => {
    const payload = { data: Buffer.from(JSON.stringify({ note: PRIVATE_TEXTS.comment })).toString('base64') };
    expect(findPrivate(readable({ payloads: [payload] }))).toEqual([`comment: ${PRIVATE_TEXTS.comment}`]);
  });
});

function findPrivate(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const texts = Object.entries(PRIVATE_TEXTS).filter(([, value]) => lower.includes(value.toLowerCase()));
  const patterns = {
    'e-mail address': /[\w.+-]+@[\w-]+(\.[\w-]+)*\.(?:com|org|net|example)\b/g,
    worker: /\b\d+@[\w.-]+/g,
    path: /\/(?:home|root|tmp|work|Users)\/[\w./-]+/g,
  };
  const matches = Object.entries(patterns).flatMap(([kind, pattern]) => [...text.matchAll(pattern)].map(([match]) => `${kind}: ${match}`));
  return [...texts.map(([kind, value]) => `${kind}: ${value}`), ...matches];
}

/** Every text in a history, with payloads decoded. */
function readable(value: unknown, key = ''): string {
  if (typeof value === 'string') return key === 'data' ? Buffer.from(value, 'base64').toString('utf8') : value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${readable(inner, name)}`)
    .join('\n');
}
