import { isAlias, isCollection, isMap, isScalar } from 'yaml';
import { childrenOf, type ParsedFile } from './parse-file.js';

/** Everything a reader can tell about a file, except the values of the given nodes: equal outlines, equal files. */
export function outlineOf(file: ParsedFile, except: ReadonlySet<unknown>): string {
  const parts: unknown[] = [];
  for (const { contents, directives, comment, commentBefore } of file.documents) {
    parts.push('document', directives?.yaml, directives?.tags, comment, commentBefore);
    outlineNode(contents, except, parts);
  }
  return JSON.stringify(parts);
}

function outlineNode(node: unknown, except: ReadonlySet<unknown>, parts: unknown[]): void {
  if (!isAlias(node) && !isScalar(node) && !isCollection(node)) return void parts.push('nothing');
  const { comment, commentBefore } = node;
  parts.push(comment, commentBefore);
  if (isAlias(node)) return void parts.push('alias', node.source);
  parts.push(node.anchor, node.tag);
  if (isScalar(node)) return void parts.push(except.has(node) ? 'set' : ['scalar', node.type, node.source]);
  parts.push(isMap(node) ? 'map' : 'sequence', node.flow, node.items.length);
  for (const item of childrenOf(node)) outlineNode(item, except, parts);
}
