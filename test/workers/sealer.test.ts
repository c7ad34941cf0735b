import { pino } from 'pino';
import { recordAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { startSealer } from '../../workers/sealer.ts';
import { emptyStore } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
});
afterEach(() => emptyStore(db));
afterAll(() => postgres.stop());

const record = (subject: string): Promise<void> =>
  recordAudit(db, { subject, kind: 'noted', actor: 'program', details: {}, at: '2026-11-16T15:00:00.000Z' });
const unsealed = async (): Promise<number> => (await db.selectFrom('audit_unsealed').select('id').execute()).length;
const untilSealed = (): Promise<unknown> => until('everything is sealed', async () => (await unsealed()) === 0);
const silent = pino({ level: 'silent' });

describe('the sealer', () => {
  it('seals what was recorded while nobody did, and what is recorded from then on', async () => {
    await record('case/a');
    const sealer = startSealer({ db, log: silent });
    try {
      await untilSealed();
      await record('case/b');
      sealer.wake();
      await untilSealed();
      // Without a word, too.
      await record('case/c');
      await untilSealed();
    } finally {
      await sealer.stop();
    }
    expect(await verifyAudit(db, null)).toMatchObject({ faults: [], sealed: 3, unsealed: 0 });
  });

  it('seals once more when it is stopped, and nothing after that', async () => {
    const sealer = startSealer({ db, log: silent });
    await record('case/a');
    await sealer.stop();
    expect(await unsealed()).toBe(0);
    await record('case/a');
    sealer.wake();
    expect(await unsealed()).toBe(1);
  });

  it('shares the work with others without a doubled seal', async () => {
    for (let turn = 0; turn < 40; turn += 1) await record(`case/${turn % 3}`);
    const sealers = [1, 2, 3].map(() => startSealer({ db, log: silent }));
    await untilSealed();
    await Promise.all(sealers.map((sealer) => sealer.stop()));
    expect(await verifyAudit(db, null)).toMatchObject({ faults: [], entries: 40, sealed: 40 });
  });

  it('writes the head to the log, so that a log that is kept elsewhere is a witness', async () => {
    const lines: { readonly ordinal?: number; readonly head?: string }[] = [];
    const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as object) });
    await record('case/a');
    const sealer = startSealer({ db, log });
    await untilSealed();
    await sealer.stop();
    const { head } = await verifyAudit(db, null);
    expect(lines).toMatchObject([{ ordinal: 1, head: head?.hash }]);
  });

  it('goes on after the database refused', async () => {
    const failures: object[] = [];
    const log = pino({ level: 'error' }, { write: (line) => void failures.push(JSON.parse(line) as object) });
    await record('case/a');
    await db.schema.alterTable('audit_seal').renameTo('audit_seal_away').execute();
    const sealer = startSealer({ db, log });
    try {
      await until('it says so', async () => failures.length > 0);
      await db.schema.alterTable('audit_seal_away').renameTo('audit_seal').execute();
      await untilSealed();
    } finally {
      await sealer.stop();
    }
    expect(failures[0]).toMatchObject({ msg: 'the audit could not be sealed; it is tried again' });
  });
});
