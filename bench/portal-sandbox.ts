import { z } from 'zod';
import { figure, type Benchmark, type Figure, type Findings } from './benchmark.ts';
import { timed, until } from './concurrency.ts';
import { usualWait, whileProbing } from './probe.ts';
import { withTemporaryFolder } from './running-system.ts';
import { startSandbox, type SandboxProcess } from './sandbox-process.ts';

/** As of the Salesforce sandbox on two processors: so that neither is the bottleneck of a benchmark. */
const MOST_LOAD_SECONDS = 60;
const LEAST_ROWS_A_SECOND = 5_000;

const ROWS = { full: 100_000, small: 4_000 } as const;
/** HubSpot's own: records of a batch, and of a page of a search. */
const BATCH = 100;
const SEARCH_PAGE = 200;
const OBJECTS = '/crm/objects/2026-09/companies';
const PROPERTIES = ['name', 'domain', 'country', 'zip', 'phone', 'hubspot_owner_id', 'hs_lastmodifieddate'];

const records = z.object({ total: z.int().optional(), results: z.array(z.object({ id: z.string() })) });
/** It is the sandbox that is measured, and not what it allows. */
const NO_LIMIT = { tenSecondly: 10_000_000, daily: 100_000_000, search: 1_000_000 };

export const portalSandbox: Benchmark = {
  name: 'portal',
  summary:
    'the HubSpot sandbox by itself: records made by batches, found by searches and read by batches, calls meanwhile, memory, a restart',
  run: (scale) =>
    withTemporaryFolder(async (folder) => {
      const rows = ROWS[scale];
      const first = await startSandbox('hubspot', folder);
      let found: Findings;
      try {
        found = await measure(first, rows);
      } finally {
        await first.stop();
      }
      const second = await startSandbox('hubspot', folder);
      try {
        return { figures: found.figures, counts: { ...found.counts, recordsLostByRestart: Math.abs(rows - (await countAll(second))) } };
      } finally {
        await second.stop();
      }
    }),
};

async function measure(portal: SandboxProcess, rows: number): Promise<Findings> {
  await portal.call('POST', '/_sandbox/limits', JSON.stringify(NO_LIMIT));
  const smallCall = () => portal.call('GET', '/crm/owners/2026-09?limit=1').then((response) => response.text());
  const idleMegabytes = portal.peakMegabytes();
  const usual = await usualWait(smallCall);
  const load = await whileProbing(smallCall, () => createCompanies(portal, rows));
  // Searches are a moment behind.
  await until('the index knows of all', async () => (await countAll(portal)) === load.result, 100, 60_000);
  const walk = await whileProbing(smallCall, () => walkBySearch(portal));
  const distinct = new Set(walk.result);
  let read = 0;
  const readMs = await timed(async () => {
    read = await readByBatches(portal, [...distinct]);
  });
  const peak = portal.peakMegabytes();
  const memory: readonly Figure[] =
    peak === null || idleMegabytes === null
      ? []
      : [figure('peak memory', 'MB', peak, 'the same process before the first call', idleMegabytes)];
  const perSecond = (ms: number) => rows / (ms / 1000);
  return {
    figures: [
      figure(`${rows} records made by batches of 100`, 's', load.ms / 1000, 'what it may take', (MOST_LOAD_SECONDS * rows) / ROWS.full),
      figure('records walked by searches of 200', 'per s', perSecond(walk.ms), 'the least it may be', LEAST_ROWS_A_SECOND),
      figure('records read by batches of 100', 'per s', perSecond(readMs), 'the least it may be', LEAST_ROWS_A_SECOND),
      figure('longest wait of a small call during the load', 'ms', load.longestWaitMs, 'its wait when nothing else goes on (95 %)', usual),
      figure('longest wait of a small call during the walk', 'ms', walk.longestWaitMs, 'its wait when nothing else goes on (95 %)', usual),
      ...memory,
    ],
    counts: { recordsNotMade: rows - load.result, recordsMissingInWalk: rows - distinct.size, recordsMissingInBatches: rows - read },
  };
}

/** Gives how many were made. */
async function createCompanies(portal: SandboxProcess, rows: number): Promise<number> {
  let made = 0;
  for (let first = 0; first < rows; first += BATCH) {
    const inputs = Array.from({ length: Math.min(BATCH, rows - first) }, (_each, index) => {
      const number = String(first + index).padStart(6, '0');
      const properties = { name: `Customer ${number}`, domain: `customer-${number}.example`, country: 'DE', zip: number.slice(1) };
      return { properties: { ...properties, phone: `+49 30 ${number}` }, associations: [] };
    });
    const answer = await portal.call('POST', `${OBJECTS}/batch/create`, JSON.stringify({ inputs }));
    made += records.parse(await answer.json()).results.length;
  }
  return made;
}

/** The ids of all records, asked for behind the last id that was seen, as a client has to beyond 10,000. */
async function walkBySearch(portal: SandboxProcess): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after = '0'; ;) {
    const search = {
      filterGroups: [{ filters: [{ propertyName: 'hs_object_id', operator: 'GT', value: after }] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: PROPERTIES,
      limit: SEARCH_PAGE,
    };
    const page = records.parse(await (await portal.call('POST', `${OBJECTS}/search`, JSON.stringify(search))).json()).results;
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined || page.length < SEARCH_PAGE) return ids;
    after = last.id;
  }
}

async function readByBatches(portal: SandboxProcess, ids: readonly string[]): Promise<number> {
  let read = 0;
  for (let first = 0; first < ids.length; first += BATCH) {
    const inputs = ids.slice(first, first + BATCH).map((id) => ({ id }));
    const answer = await portal.call('POST', `${OBJECTS}/batch/read`, JSON.stringify({ inputs, properties: PROPERTIES }));
    read += records.parse(await answer.json()).results.length;
  }
  return read;
}

async function countAll(portal: SandboxProcess): Promise<number> {
  const answer = await portal.call('POST', `${OBJECTS}/search`, JSON.stringify({ filterGroups: [], limit: 1, properties: [] }));
  return records.parse(await answer.json()).total ?? 0;
}
