import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INGEST, openJob, QUERY, results, runJob, setState, upload, waitFor } from './bulk-call.ts';
import { openOrg } from './opened-org.ts';

describe('bulk jobs across a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulk-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('go on where they were, write no row twice and keep their results', async () => {
    const dataFile = join(folder, 'org.sqlite');
    const total = 3000;
    const names = Array.from({ length: total }, (_each, index) => `n${index}`).join('\n');
    const first = await openOrg({ dataFile });
    const id = await openJob(first, { object: 'Account', operation: 'insert' });
    const path = `${INGEST}/${id}`;
    await upload(first, id, `Name\n${names}`);
    await setState(first, path, 'UploadComplete');
    let info = await waitFor(first, path, 'InProgress', 'JobComplete');
    while (info.numberRecordsProcessed === 0) info = (await first.call('GET', path)).body;
    await first.close();
    expect(info.state).toBe('InProgress');

    const second = await openOrg({ dataFile });
    expect(await waitFor(second, path, 'JobComplete')).toMatchObject({ numberRecordsProcessed: total, numberRecordsFailed: 0 });
    const rows = (await results(second, path, 'successfulResults')).rows;
    expect(new Set(rows.map((row) => row[2])).size).toBe(total);
    expect((await second.call('GET', `/query?q=${encodeURIComponent('SELECT COUNT() FROM Account')}`)).body.totalSize).toBe(total);
    await second.close();
  }, 60_000);

  it('query jobs too: each row is in the results once', async () => {
    const dataFile = join(folder, 'query.sqlite');
    const total = 9000;
    const first = await openOrg({ dataFile });
    await runJob(
      first,
      { object: 'Account', operation: 'insert' },
      `Name\n${Array.from({ length: total }, (_each, index) => `n${index}`).join('\n')}\n`,
    );
    const path = `${QUERY}/${(await first.call('POST', QUERY, { operation: 'query', query: 'SELECT Name FROM Account' })).body.id}`;
    let info = (await first.call('GET', path)).body;
    while (info.numberRecordsProcessed === 0) info = (await first.call('GET', path)).body;
    await first.close();
    expect(info.state).toBe('InProgress');

    const second = await openOrg({ dataFile });
    expect(await waitFor(second, path, 'JobComplete')).toMatchObject({ numberRecordsProcessed: total });
    const { rows } = await results(second, path, 'results');
    expect([rows.length, new Set(rows.map((row) => row[0])).size]).toEqual([total, total]);
    await second.close();
  }, 60_000);
});
