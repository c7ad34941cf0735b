import { withCrmSession } from '../../store/crm-session.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { shelfIn } from '../../workers/compose/connections.ts';
import { authorize, registerApp } from '../crm/hubspot/authorized-app.ts';
import { openHubspotFixture } from '../crm/hubspot/sandbox-fixture.ts';
import { CLIENT, openRegisteredOrg, type RegisteredOrg } from '../crm/salesforce/registered-org.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let db: Database;
/** Another process has connections of its own. */
let other: Database;
let org: RegisteredOrg;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  ({ db } = opened);
  other = openDatabase(opened.url, 2);
  org = await openRegisteredOrg();
});
beforeEach(async () => {
  await org.reset();
  await db.deleteFrom('crm_session').execute();
});
afterAll(async () => {
  await org.close();
  await other.destroy();
  await postgres.stop();
});

const PLACE = { connection: 'salesforce', credentials: 'c1' };
const read = (from: Database, place = PLACE) => withCrmSession(from, place, async (kept) => kept);

describe('withCrmSession', () => {
  it('hands on what was kept last, by connection and credentials', async () => {
    expect(await read(db)).toBeNull();
    await withCrmSession(db, PLACE, async (_kept, keep) => ['a', 'b'].forEach(keep));
    await withCrmSession(other, { ...PLACE, credentials: 'c2' }, async (_kept, keep) => keep('c'));
    expect([await read(other), await read(db, { ...PLACE, credentials: 'c2' })]).toEqual(['b', 'c']);
    await withCrmSession(other, PLACE, async (_kept, keep) => keep('d'));
    expect(await read(db)).toBe('d');
  });

  it('keeps nothing of work that failed, and lets the next one in', async () => {
    const failing = withCrmSession(db, PLACE, async (_kept, keep) => {
      keep('a');
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await read(other)).toBeNull();
  });

  it('lets one process in at a time, and each sees what the one before kept', async () => {
    let inside = 0;
    let most = 0;
    const append = (from: Database, letter: string) =>
      withCrmSession(from, PLACE, async (kept, keep) => {
        most = Math.max(most, (inside += 1));
        await new Promise((resolve) => setImmediate(resolve));
        keep(`${kept ?? ''}${letter}`);
        inside -= 1;
      });
    await Promise.all([append(db, 'a'), append(other, 'b'), append(db, 'c'), append(other, 'd')]);
    expect([most, [...((await read(db)) ?? '')].sort().join('')]).toEqual([1, 'abcd']);
  });
});

describe('workers on one database', () => {
  it('make one call to renew, and never lose the refresh token that was given last', async () => {
    const auth = await org.authorize();
    const workers = await Promise.all([org.connect(auth, shelfIn(db)), org.connect(auth, shelfIn(other))]);
    const work = () => Promise.all(workers.map((crm) => crm.find('User', 'Alias', ['rep'], ['Alias'])));
    for (const round of [1, 2, 3]) {
      expect((await work()).map((found) => found.length)).toEqual([1, 1]);
      expect(await org.tokenCalls()).toBe(round);
      await org.control('sessions', { end: 'access' });
    }
    const restarted = await org.connect(auth, shelfIn(other));
    expect(await restarted.find('User', 'Alias', ['rep'], ['Alias'])).toHaveLength(1);
  });

  it('leave no token in the database that could be read', async () => {
    await (await org.connect(CLIENT, shelfIn(db))).describe('Account');
    const rows = await db.selectFrom('crm_session').selectAll().execute();
    expect(rows).toHaveLength(1);
    const text = JSON.stringify(rows) + Buffer.from(rows[0]?.sealed ?? '', 'base64').toString('latin1');
    expect(text).not.toMatch(/00D|the-consumer-secret|accessToken/);
  });

  it('make one call to renew the token of a HubSpot portal as well, before it ends and after, and lose no refresh token', async () => {
    const portal = await openHubspotFixture();
    await registerApp(portal.url, true);
    const auth = await authorize(portal.url);
    const TOKEN = 'POST /oauth/2026-03/token';
    const before = (await portal.byRoute())[TOKEN] ?? 0;
    const workers = [shelfIn(db), shelfIn(other)].map((shelf) => portal.connect({ auth }, undefined, { shelf }));
    const work = () => Promise.all(workers.map((crm) => crm.find('owners', 'email', ['rep@acme.example'], ['email'])));
    for (const [renewals, minutesOn] of [
      [1, 29],
      [2, 31],
      [3, 31],
    ] as const) {
      await work();
      expect((await work()).map((found) => found.length)).toEqual([1, 1]);
      expect(((await portal.byRoute())[TOKEN] ?? 0) - before).toBe(renewals);
      await portal.advanceClock(minutesOn * 60_000);
    }
    const restarted = portal.connect({ auth }, undefined, { shelf: shelfIn(other) });
    expect(await restarted.find('owners', 'email', ['rep@acme.example'], ['email'])).toHaveLength(1);
    const rows = await db.selectFrom('crm_session').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows) + Buffer.from(rows[0]?.sealed ?? '', 'base64').toString('latin1')).not.toMatch(
      /sandbox-|the-client-secret/,
    );
    await portal.close();
  });
});
