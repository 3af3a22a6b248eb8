import { helmReleaseCrd, ShipitConfig } from '@shipit/contracts';
import { stringify } from 'yaml';
import { z } from 'zod';

/** Files of the repository that are made from the schemas: path → text. `npm run generate` writes them; a test compares. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    [
      'deploy/crds/helmreleases.yaml',
      `# Made by \`npm run generate\` from libs/contracts.\n${stringify(helmReleaseCrd(), { aliasDuplicateObjects: false, lineWidth: 0 })}`,
    ],
    ['deploy/shipit.schema.json', `${JSON.stringify(z.toJSONSchema(ShipitConfig, { io: 'input' }), null, 2)}\n`],
  ]);
}
