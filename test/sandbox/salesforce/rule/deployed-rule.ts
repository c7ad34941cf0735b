import type { DeployResult } from 'jsforce/lib/api/metadata.js';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';

export interface RuleText {
  readonly formula: string;
  readonly message: string;
  readonly field?: string;
  readonly active?: boolean;
}

/** Deploys validation rules of `object` under their names. */
export function deployRules(url: string, object: string, rules: Readonly<Record<string, RuleText>>): Promise<DeployResult> {
  const elements = Object.entries(rules).map(
    ([name, { formula, message, field, active = true }]) => `<validationRules>
        <fullName>${name}</fullName><active>${active}</active>
        <errorConditionFormula><![CDATA[${formula}]]></errorConditionFormula>
        ${field === undefined ? '' : `<errorDisplayField>${field}</errorDisplayField>`}
        <errorMessage>${message}</errorMessage>
    </validationRules>`,
  );
  const types = { ValidationRule: Object.keys(rules).map((name) => `${object}.${name}`) };
  return deployBy(connect(url), zipOf(types, { [`objects/${object}.object`]: metadataFile('CustomObject', elements.join('')) }));
}
