import { AwsError } from '../aws-json/aws-error.js';
import { batchError } from './sqs-error.js';

/** Runs each entry by itself: one that is refused is told in `Failed` and leaves the others alone. */
export function runBatch<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => object | void,
): object {
  checkEntries(entries);
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry.Id, Code: error.queryCode, Message: error.message, SenderFault: true });
    }
  }
  return { Successful: successful, Failed: failed };
}

function checkEntries(entries: readonly { readonly Id: string }[]): void {
  if (entries.length === 0) throw batchError('EmptyBatchRequest');
  if (entries.length > 10) throw batchError('TooManyEntriesInBatchRequest');
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id))) throw batchError('InvalidBatchEntryId');
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw batchError('BatchEntryIdsNotDistinct');
}
