export { InMemoryCluster, type InMemoryClusterOptions } from './in-memory-cluster.js';
