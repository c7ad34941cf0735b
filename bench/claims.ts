import { createCalendars } from '../workers/compose/reference-data.ts';
import { readAcme, withBareDatabase } from './bare-database.ts';
import { figure, type Benchmark } from './benchmark.ts';
import { outOfOrder, protectedTwice, raceClaims } from './claim-race.ts';
import { timed, withClients } from './concurrency.ts';
import { openRandom } from './sample/random.ts';

const SIZES = { full: { claims: 10_000, customers: 500 }, small: { claims: 60, customers: 3 } } as const;
const SEED = 20_260_106;
const CLIENTS = 32;
const NOW = '2026-01-05T15:00:00.000Z';

export const claims: Benchmark = {
  name: 'claims',
  summary: '10,000 concurrent claims over 500 customers: nobody is protected twice, and receipts keep their order',
  run: (scale) =>
    withBareDatabase(async (db) => {
      const size = SIZES[scale];
      const program = readAcme();
      const calendar = createCalendars(() => new Date(NOW))(program);
      let raced: Awaited<ReturnType<typeof raceClaims>> = [];
      const race = { ...size, program, calendar, partners: 150, clients: CLIENTS, random: openRandom(SEED, 'claims'), now: NOW };
      const raceMs = await timed(async () => {
        raced = await raceClaims(db, race);
      });
      // The floor: as many transactions that take one lock and write one row.
      const bareMs = await timed(() =>
        withClients(CLIENTS, raced, ({ registrationId }) =>
          db.transaction().execute(async (trx) => {
            await trx.selectFrom('registration').select('id').where('id', '=', registrationId).forUpdate().execute();
            await trx.updateTable('registration').set({ sync_note: 'raced' }).where('id', '=', registrationId).execute();
          }),
        ),
      );
      const approved = raced.filter(({ status }) => status === 'approved').length;
      return [
        figure('customers and lines that are protected twice', '', protectedTwice(raced).length, 'at most', 0),
        figure('claims that did not end as their order of receipt says', '', outOfOrder(raced).length, 'at most', 0),
        figure('claims approved', '', approved, 'claims', raced.length),
        figure(
          'received and decided',
          'per s',
          size.claims / (raceMs / 1000),
          'transactions that lock and write one row',
          size.claims / (bareMs / 1000),
        ),
      ];
    }),
};
