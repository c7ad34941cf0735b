/** `package.xml`: which components a package holds, or which are asked for. Source: Metadata API Developer Guide, "Sample package.xml Manifest Files". */

import { elementsIn, listed, textIn } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface Manifest {
  /** Names by type; `*` stands for all. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  /** Null where none is stated. */
  readonly version: string | null;
}

/** The content of a `Package` element, in a file or in a call. */
export function readManifest(element: XmlElement): Manifest {
  const types = new Map<string, readonly string[]>();
  for (const type of elementsIn(element, 'types')) {
    const name = textIn(type, 'name') ?? '';
    const members = listed(type, 'members').filter((each) => typeof each === 'string');
    // Salesforce's own command line marks folders of reports and dashboards by a slash at the end of their names.
    types.set(name, [...(types.get(name) ?? []), ...members.map((each) => each.replace(/\/$/, ''))]);
  }
  return { types, version: textIn(element, 'version') };
}

export function namesComponent(manifest: Manifest, type: string, fullName: string): boolean {
  const members = manifest.types.get(type) ?? [];
  return members.includes('*') || members.includes(fullName);
}
