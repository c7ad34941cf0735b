import { RULE_PARAMETERS } from '../../../program/definition/rule-parameter.ts';
import { RULE_TEXTS } from '../../../program/documentation/described-rule.ts';
import { parameterDefaults } from '../../../program/documentation/parameter-default.ts';
import { ruleReference } from '../../../program/documentation/rule-part.ts';
import { RULE_CATALOGUE, RULE_IDS } from '../../../program/rules/catalogue.ts';
import { sectionOf } from '../../docs/document.ts';

const reference = ruleReference();

describe('the texts about rules', () => {
  it.each(RULE_IDS)('say of %s every situation and every parameter, and nothing else', (id) => {
    const { title, finds, situations, parameters, usual, source } = RULE_TEXTS[id];
    expect(Object.keys(situations).sort()).toEqual([...RULE_CATALOGUE[id].situations].sort());
    expect(Object.keys(parameters).sort()).toEqual(Object.keys(RULE_PARAMETERS[id].shape).sort());
    const texts = [title, finds, usual, source, ...Object.values(situations), ...Object.values(parameters)];
    expect(texts.filter((text) => text.trim() === '' || text.length > 250)).toEqual([]);
  });

  it.each(RULE_IDS)('stand in the guide for %s, with its example', (id) => {
    const section = sectionOf(reference, `${id}: ${RULE_TEXTS[id].title}`);
    for (const situation of RULE_CATALOGUE[id].situations) expect(section).toContain(`| \`${situation}\``);
    for (const name of Object.keys(RULE_PARAMETERS[id].shape)) expect(section).toContain(`| \`${name}\``);
    expect(section).toContain(`- id: ${id}`);
  });
});

describe('parameterDefaults', () => {
  it('shows what holds where the program says nothing, as it would be written', () => {
    expect(parameterDefaults('C12_incumbent_displaced')).toEqual([
      ['lookback', '3 years'],
      ['letterKinds', '[customer_letter]'],
    ]);
    expect(parameterDefaults('C10_flat_renewal')).toEqual([
      ['renewalKinds', '[renewal]'],
      ['leastPercent', "'0'"],
    ]);
    expect(parameterDefaults('C09_existing_customer')).toEqual([['lookback', 'null']]);
    expect(parameterDefaults('C13_listed_account')).toEqual([]);
  });
});
