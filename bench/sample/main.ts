import { join } from 'node:path';
import { SAMPLE_SEED, writeSample } from './file-format.ts';
import { drawSample } from './sample.ts';

// Draws the sample data again: `npm run sample`, or `npm run sample -- FOLDER` to write it elsewhere.
const folder = process.argv[2] ?? join('programs', 'sample');
const sample = drawSample(SAMPLE_SEED);
writeSample(sample, folder);
const { accounts, opportunities } = sample.crm;
process.stdout.write(
  `${folder}: ${sample.partners.length} partners, ${accounts.length} accounts, ${opportunities.length} opportunities, ${sample.registrations.length} registrations\n`,
);
