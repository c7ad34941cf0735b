import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const opportunity = (fields: object) =>
  org.call('POST', '/sobjects/Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-06-30', ...fields });
const message = async (soql: string) => (await org.call('GET', `/query?q=${encodeURIComponent(soql)}`)).body[0]?.message;

describe('an org of one currency', () => {
  it('has no column for it, and no currencies', async () => {
    expect(await message('SELECT CurrencyIsoCode FROM Opportunity')).toContain("No such column 'CurrencyIsoCode' on entity 'Opportunity'.");
    expect(await message('SELECT Id FROM CurrencyType')).toContain("sObject type 'CurrencyType' is not supported.");
    expect((await opportunity({ CurrencyIsoCode: 'EUR' })).body[0].message).toBe(
      "No such column 'CurrencyIsoCode' on sobject of type Opportunity",
    );
  });
});

describe('an org of several currencies', () => {
  beforeEach(async () => void (await org.control('currency', { multiCurrency: true })));

  it('gives what was there the corporate one, and keeps it after a reset no longer', async () => {
    await org.reset();
    const { id } = (await opportunity({ Amount: 10 })).body;
    await org.control('currency', { multiCurrency: true });
    expect(await org.query(`SELECT CurrencyIsoCode FROM Opportunity WHERE Id = '${id}'`)).toMatchObject([{ CurrencyIsoCode: 'USD' }]);
    expect(await org.query('SELECT IsoCode, IsCorporate FROM CurrencyType WHERE IsCorporate = true')).toMatchObject([{ IsoCode: 'USD' }]);
    await org.reset();
    expect(await message('SELECT CurrencyIsoCode FROM Opportunity')).toContain('No such column');
  });

  it('gives a new record the currency of its maker, and refuses one that the org has not', async () => {
    const [me] = await org.query("SELECT Id FROM User WHERE Alias = 'integration'");
    await org.call('PATCH', `/sobjects/User/${String(me?.['Id'])}`, { DefaultCurrencyIsoCode: 'EUR' });
    const { id } = (await opportunity({ Amount: 10 })).body;
    expect((await org.call('GET', `/sobjects/Opportunity/${id}`)).body.CurrencyIsoCode).toBe('EUR');
    expect((await opportunity({ CurrencyIsoCode: 'XXX' })).body[0].errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });

  it('converts into the currency of the reader where it is asked to, and aggregates into the corporate one', async () => {
    await opportunity({ Amount: 800, CurrencyIsoCode: 'EUR' });
    const [row] = await org.query(
      'SELECT Amount, convertCurrency(Amount) mine, FORMAT(Amount) shown, FORMAT(convertCurrency(Amount)) both FROM Opportunity',
    );
    expect(row).toMatchObject({ Amount: 800, mine: 1000, shown: 'EUR 800.00', both: 'USD 1,000.00' });
    await opportunity({ Amount: 500, CurrencyIsoCode: 'USD' });
    expect(await org.query('SELECT SUM(Amount) total FROM Opportunity')).toMatchObject([{ total: 1500 }]);
  });
});
