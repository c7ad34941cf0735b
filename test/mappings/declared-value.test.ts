import type { RemoteFieldDefinition } from '../../crm/port.ts';
import { checkMapping } from '../../mappings/check-mapping.ts';
import { withDeclaredValues } from '../../mappings/declared-value.ts';
import { decodeRow, encodeRow } from '../../mappings/field-mapping.ts';
import { salesforceAccount } from '../../mappings/salesforce/account.ts';
import { salesforcePartner } from '../../mappings/salesforce/partner.ts';
import { PARTNER_TIERS } from '../../program/vocabulary.ts';
import { ACME, acmeWith, parseOrThrow } from '../program/example.ts';

/** An org that fits, with this picklist of tiers. */
function orgWithTiers(values: readonly string[]) {
  const fields = salesforcePartner.fields.map((field): RemoteFieldDefinition => {
    const isTier = field.ours === 'tier';
    const isId = field.theirs === 'Partner_Id__c';
    return {
      name: field.theirs,
      type: field.types[0] ?? 'other',
      maxLength: field.length,
      createable: true,
      updateable: true,
      required: false,
      unique: isId,
      externalId: isId,
      values: isTier ? [...values] : field.values,
      restricted: isTier,
      referenceTo: [],
    };
  });
  return { name: salesforcePartner.object, fields };
}

describe('withDeclaredValues', () => {
  const withDiamond = parseOrThrow(acmeWith('- id: platinum', '- id: diamond'));

  it('finds an org good that takes every tier of the program', () => {
    expect(checkMapping(withDeclaredValues(salesforcePartner, ACME), orgWithTiers(PARTNER_TIERS))).toEqual([]);
  });

  it('names the values of the program that a restricted picklist refuses', () => {
    expect(checkMapping(withDeclaredValues(salesforcePartner, withDiamond), orgWithTiers(PARTNER_TIERS))).toEqual([
      expect.objectContaining({ field: 'Partner_Tier__c', problem: 'refuses the values diamond' }),
    ]);
  });

  it('leaves other objects as they are', () => {
    expect(withDeclaredValues(salesforceAccount, ACME)).toBe(salesforceAccount);
  });
});

describe('the mapping of a partner', () => {
  it('carries words that the sample program does not have, both ways', () => {
    expect(decodeRow(salesforcePartner, { Partner_Tier__c: ' diamond ' })).toEqual({ values: { tier: 'diamond' }, problems: [] });
    expect(encodeRow(salesforcePartner, { tier: 'diamond', track: null })).toEqual({
      fields: { Partner_Tier__c: 'diamond', Partner_Track__c: null },
      problems: [],
    });
  });

  it('does not carry what is no word', () => {
    expect(decodeRow(salesforcePartner, { Partner_Tier__c: 'x'.repeat(65) }).problems).toHaveLength(1);
  });
});
