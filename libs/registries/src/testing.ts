export { InMemoryRegistry } from './in-memory-registry.js';
