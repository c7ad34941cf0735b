/** Parses the HubSpot project in the folder given, with HubSpot's own library, which is for ES modules alone, and prints what comes of it. */

import { resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { translate } from '@hubspot/project-parsing-lib/translate';

const [folder, profile] = process.argv.slice(2);
const { srcDir, platformVersion } = JSON.parse(readFileSync(resolve(folder, 'hsproject.json'), 'utf8'));
// What the schemas say of it only HubSpot's servers tell, to those who are signed in.
const options = { skipValidation: true, profile };
const { intermediateRepresentation, skippedHsMetaFiles } = await translate(
  { projectSourceDir: resolve(folder, srcDir), platformVersion, accountId: 1 },
  options,
);
process.stdout.write(JSON.stringify({ skipped: skippedHsMetaFiles, components: intermediateRepresentation.intermediateNodesIndexedByUid }));
