export type { ParsedFile } from './parse-file.js';
export type { EditResult, Position, Refusal, RefusalKind, ScalarChange, YamlPath } from './refusal.js';
export { type ScalarEdit, setScalars } from './set-scalars.js';
export { type ReadResult, readDocuments, type YamlDocument } from './read-documents.js';
export { type BlockRestore, restoreBlock } from './restore-block.js';
export type { TextResult } from './text-edit.js';
export { type PlainValue, removeEntry, setEntry } from './edit-entry.js';
