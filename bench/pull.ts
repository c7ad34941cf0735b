import { sql } from 'kysely';
import { figure, type Benchmark, type Scale } from './benchmark.ts';
import { timed } from './concurrency.ts';
import { watchMemory } from './memory.ts';
import { NO_POLL_SECONDS, pullAll, whilePaused } from './quiet-sync.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const SIZES: Readonly<Record<Scale, number>> = { full: 10_000, small: 30 };
const READ_PAGE = 500;
const FIELDS = 'Id, Name, Website, BillingCountry, BillingPostalCode, Phone, ParentId, OwnerId, SystemModstamp';

export const pull: Benchmark = {
  name: 'pull',
  summary: "changed accounts out of the CRM: rows per second, calls, and the worker's memory",
  run: (scale) =>
    withSystem(NO_POLL_SECONDS, async (system) => {
      const count = SIZES[scale];
      await whilePaused(system, () => system.desk.create('Account', drawAccounts(count)));
      const memory = watchMemory(system.workerPid());
      let pullMs = 0;
      const calls = await system.desk.callsDuring(async () => {
        pullMs = await timed(() => pullAll(system, 'account'));
      });
      const { beforeMb, peakMb, afterMb } = memory.stop();
      const bareMs = await timed(() => copyBare(system));
      const perSecond = (milliseconds: number): number => count / (milliseconds / 1000);
      return [
        figure(
          `${count} accounts pulled`,
          'per s',
          perSecond(pullMs),
          'the same rows queried and inserted by a bare script',
          perSecond(bareMs),
        ),
        figure('read calls', 'calls', calls.reads, `one per ${READ_PAGE} rows`, Math.ceil(count / READ_PAGE)),
        figure("the worker's memory at its peak", 'MB', peakMb, 'before', beforeMb),
        figure("the worker's memory afterwards", 'MB', afterMb, 'before', beforeMb),
      ];
    }),
};

function drawAccounts(count: number): readonly Readonly<Record<string, unknown>>[] {
  return Array.from({ length: count }, (_, index) => ({
    Name: `Quarry ${index.toString(36)} Works`,
    Website: `https://www.quarry-${index}.example`,
    BillingCountry: 'United States',
    BillingPostalCode: String(10_000 + index),
  }));
}

/** The peer: pages as large as the CRM gives them, inserted as they come, without comparing, cursor or crash in mind. */
async function copyBare({ desk, db }: RunningSystem): Promise<void> {
  await sql`create table bench_account (row jsonb not null)`.execute(db);
  const rows = await desk.query(`SELECT ${FIELDS} FROM Account WHERE Name LIKE 'Quarry %'`);
  for (let first = 0; first < rows.length; first += READ_PAGE) {
    const page = JSON.stringify(rows.slice(first, first + READ_PAGE));
    await sql`insert into bench_account select value from jsonb_array_elements(${page}::jsonb)`.execute(db);
  }
}
