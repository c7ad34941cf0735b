import { statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { inheritedEnvironment } from '../../workers/config.ts';
import type { Starter } from '../support/embedded-system.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { makePrivateClone, type PrivateClone } from '../support/private-clone.ts';
import { claimOn } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
/** The user that every Unix system has for those who may do nothing; PostgreSQL wants one with a name. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** As root, the system runs as root in every other story; here it is started by somebody who is not. Anybody else starts all of them as an ordinary user. */
describeWith(findServers().temporal, 'Somebody who is not root', (temporalProgram) => {
  let clone: PrivateClone | null = null;
  let story: Story;

  beforeAll(async () => {
    let starter: Starter | undefined;
    if (isRoot) {
      clone = makePrivateClone(temporalProgram, NOBODY, NOBODY);
      const path = [clone.bin, inheritedEnvironment()['PATH'] ?? ''].join(delimiter);
      starter = { clone: clone.path, uid: NOBODY, gid: NOBODY, environment: { HOME: clone.home, XDG_CACHE_HOME: clone.home, PATH: path } };
    }
    story = await startStory('ordinary', starter);
  }, START_MS);
  afterAll(async () => {
    await story?.system.close();
    clone?.remove();
  }, START_MS);

  it(
    'starts it in a folder that only its owner may enter, registers a deal, stops it and starts it again',
    async () => {
      const { portal, system } = story;
      const processes = system.parts();
      expect(processes.length).toBeGreaterThanOrEqual(5);
      for (const { pid } of processes) expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
      if (clone !== null) expect(statSync(clone.path)).toMatchObject({ uid: NOBODY, mode: 0o40_700 });

      const { id } = await portal.register(claimOn('alder', { partnerId: 'P-1' }));
      await portal.whenStatus(id, 'approved');

      expect((await system.stop('SIGINT')).exitCode).toBe(0);
      await system.start();
      expect(await portal.read(id)).toMatchObject({ status: 'approved' });
    },
    3 * START_MS,
  );
});
