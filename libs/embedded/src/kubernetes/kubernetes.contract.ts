import { describe } from 'vitest';

import { describeApplyOfLists } from './contract/apply-lists.contract.js';
import { describeApply } from './contract/apply.contract.js';
import { describeClientNode } from './contract/client-node.contract.js';
import { describeDefinitions } from './contract/definitions.contract.js';
import { describeDeletion } from './contract/deletion.contract.js';
import { describeObjects } from './contract/objects.contract.js';
import { describeOtherWorkloads } from './contract/other-workloads.contract.js';
import { describePatching } from './contract/patching.contract.js';
import { describeSelection } from './contract/selection.contract.js';
import { describeTools } from './contract/tools.contract.js';
import { describeWatching } from './contract/watching.contract.js';
import { describeWorkloads } from './contract/workloads.contract.js';
import type { Connect } from './contract/suite.contract.js';

/** What an API server with its controllers must do, be it the real one or the embedded one. */
export function describeKubernetes(title: string, connect: Connect): void {
  describe(title, () => {
    describeObjects(connect);
    describeSelection(connect);
    describePatching(connect);
    describeApply(connect);
    describeApplyOfLists(connect);
    describeWatching(connect);
    describeDeletion(connect);
    describeDefinitions(connect);
    describeWorkloads(connect);
    describeOtherWorkloads(connect);
    describeClientNode(connect);
    describeTools(connect);
  });
}
