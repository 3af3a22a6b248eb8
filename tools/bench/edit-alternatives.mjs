import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isMap, isScalar, parseAllDocuments, visit } from 'yaml';
import { repository } from './edit-files.mjs';

const run = promisify(execFile);

/**
 * What yq and other tools do that read YAML and write it out again: right in meaning, written anew as a whole.
 * It knows only the two layouts there are here, and shows no difference.
 */
export async function setByDocuments(files, tag) {
  const texts = [];
  for (const { path } of files) {
    const text = await readFile(path, 'utf8');
    texts.push(text.includes(repository) ? rewritten(text, tag) : text);
  }
  return texts;
}

function rewritten(text, tag) {
  const documents = parseAllDocuments(text);
  for (const document of documents)
    visit(document, {
      Scalar(_key, node) {
        if (String(node.value).startsWith(`${repository}:`)) node.value = `${repository}:${tag}`;
      },
      Map(_key, node) {
        const name = node.get('repository');
        if (name === repository && isMap(node) && isScalar(node.get('tag', true))) node.set('tag', tag);
      },
    });
  return documents.map(String).join('');
}

/** How many texts differ from the file as it was in more than the tag. */
export function countDamaged(files, texts, tag) {
  return files.filter(({ text, isUsed }, at) => texts[at] !== (isUsed ? text.replace('v1.2.3', tag) : text)).length;
}

/** The lower bound: knows lines and no YAML, and sets nothing where name and tag stand apart. Nothing is written. */
export async function setBySed(folder, tag) {
  const script = `s#${repository}:[^ "]*#${repository}:${tag}#`;
  await run('sh', ['-c', 'find "$0" -name "*.yaml" -print0 | xargs -0 sed "$1" > /dev/null', folder, script]);
}
