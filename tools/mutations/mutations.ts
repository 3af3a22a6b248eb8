import type { Mutation } from './mutation.js';
import { decisionMutations } from './list/decisions.js';
import { editMutations } from './list/edits.js';
import { imageMutations } from './list/images.js';
import { lockMutations } from './list/locks.js';
import { nameMutations } from './list/names.js';
import { placeMutations } from './list/places.js';
import { readingMutations } from './list/reading.js';

export const mutations: readonly Mutation[] = [
  ...readingMutations,
  ...editMutations,
  ...placeMutations,
  ...nameMutations,
  ...imageMutations,
  ...decisionMutations,
  ...lockMutations,
];
